import Foundation

extension LaneSmoothing {
    /// Runs eight sets of weights over one history at once.
    struct Kernel {
        let form: Form
        let values: ArraySlice<Double>
        let start: Start
        let season: [Double]

        /// What errors in proportion are taken of is never less than this share of the mean.
        private static let least = Lanes(repeating: 1e-3)

        /// How far all expectations together lie above the demand: their geometric mean over its.
        ///
        /// Errors in proportion shrink when everything is expected too high; the likelihood has this factor against it.
        private struct Ratio {
            private var running = Lanes.one
            private var demands = 1.0
            private var logarithms = Lanes.zero
            private var count = 0

            mutating func add(_ expected: Lanes, to value: Double) {
                running *= expected
                demands *= value
                count += 1
                // Sixteen factors of at most a thousandfold neither overflow nor vanish.
                if count % 16 == 0 { settle() }
            }

            private mutating func settle() {
                logarithms += LaneMath.logarithm((running / Lanes(repeating: demands)).held(Self.least, Self.most))
                running = .one
                demands = 1
            }

            private static let least = Lanes(repeating: 1e-300)
            private static let most = Lanes(repeating: 1e300)

            /// Its square, by which the squares are multiplied.
            var square: Lanes {
                var whole = self
                whole.settle()
                return LaneMath.exponential(whole.logarithms * Lanes(repeating: 2 / Double(max(1, count))))
            }
        }

        /// Sum of squared one-step errors of each lane; of errors in proportion, as the likelihood counts it.
        func squares(_ block: [Lanes]) -> Lanes {
            let weights = Weights(block, form, start)
            return values.withUnsafeBufferPointer { values in
                switch form.season {
                case .none: plain(weights, values)
                case .adds, .multiplies:
                    withUnsafeTemporaryAllocation(of: Lanes.self, capacity: season.count) { ring in
                        for index in season.indices { ring[index] = Lanes(repeating: season[index]) }
                        return form.season == .adds ? adding(weights, values, ring) : multiplying(weights, values, ring)
                    }
                }
            }
        }

        private func plain(_ weights: Weights, _ values: UnsafeBufferPointer<Double>) -> Lanes {
            if form.errorMultiplies { return relative(weights, values) }
            var (level, trend, squares) = (weights.level, weights.trend, Lanes.zero)
            for value in values {
                let expected = level + weights.phi * trend
                let error = Lanes(repeating: value) - expected
                level = expected + weights.alpha * error
                trend = weights.phi * trend + weights.beta * error
                squares += error * error
            }
            return squares
        }

        private func relative(_ weights: Weights, _ values: UnsafeBufferPointer<Double>) -> Lanes {
            var (level, trend, squares) = (weights.level, weights.trend, Lanes.zero)
            let least = Self.least
            var ratio = Ratio()
            for value in values {
                let expected = level + weights.phi * trend
                let error = Lanes(repeating: value) - expected
                level = expected + weights.alpha * error
                trend = weights.phi * trend + weights.beta * error
                let base = expected.raised(to: least)
                let share = error / base
                squares += share * share
                ratio.add(base, to: value)
            }
            return squares * ratio.square
        }

        private func adding(
            _ weights: Weights, _ values: UnsafeBufferPointer<Double>, _ ring: UnsafeMutableBufferPointer<Lanes>
        ) -> Lanes {
            var (level, trend, squares) = (weights.level, weights.trend, Lanes.zero)
            var place = 0
            for value in values {
                let base = level + weights.phi * trend
                let error = Lanes(repeating: value) - base - ring[place]
                squares += error * error
                level = base + weights.alpha * error
                trend = weights.phi * trend + weights.beta * error
                ring[place] += weights.gamma * error
                place = place + 1 == ring.count ? 0 : place + 1
            }
            return squares
        }

        private func multiplying(
            _ weights: Weights, _ values: UnsafeBufferPointer<Double>, _ ring: UnsafeMutableBufferPointer<Lanes>
        ) -> Lanes {
            var (level, trend, squares) = (weights.level, weights.trend, Lanes.zero)
            let least = Self.least
            var place = 0
            var ratio = Ratio()
            for value in values {
                // A level near zero would make the factors explode: it is held above a thousandth of the mean.
                let base = (level + weights.phi * trend).raised(to: least)
                let expected = base * ring[place]
                let share = (Lanes(repeating: value) - expected) / expected
                squares += form.errorMultiplies ? share * share : share * share * expected * expected
                level = base * (.one + weights.alpha * share)
                trend = weights.phi * trend + weights.beta * base * share
                ring[place] = (ring[place] * (.one + weights.gamma * share)).raised(to: least)
                place = place + 1 == ring.count ? 0 : place + 1
                if form.errorMultiplies { ratio.add(expected, to: value) }
            }
            return form.errorMultiplies ? squares * ratio.square : squares
        }

        /// The states after the last period, for the weights of the first lane; the season of the next period first.
        func final(_ weights: Weights) -> (level: Double, trend: Double, ring: [Double]) {
            var (level, trend, ring) = (
                weights.level[0], weights.trend[0], season.isEmpty ? [form.season == .multiplies ? 1 : 0] : season
            )
            let (alpha, beta, gamma, phi) = (weights.alpha[0], weights.beta[0], weights.gamma[0], weights.phi[0])
            for (period, value) in values.enumerated() {
                let place = period % ring.count
                var base = level + phi * trend
                if form.season == .multiplies {
                    base = max(base, 1e-3)
                    let share = (value - base * ring[place]) / (base * ring[place])
                    level = base * (1 + alpha * share)
                    trend = phi * trend + beta * base * share
                    ring[place] = max(1e-3, ring[place] * (1 + gamma * share))
                } else {
                    let error = value - base - (form.season == .adds ? ring[place] : 0)
                    level = base + alpha * error
                    trend = phi * trend + beta * error
                    if form.season == .adds { ring[place] += gamma * error }
                }
            }
            let turn = values.count % ring.count
            return (level, trend, Array(ring[turn...] + ring[..<turn]))
        }
    }
}
