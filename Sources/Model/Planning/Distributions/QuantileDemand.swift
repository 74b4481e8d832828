import Foundation

/// A demand known by some of its quantiles, as a forecasting platform gives them for the protection interval.
///
/// Between two known quantiles the demand runs straight against the normal score of the level, and beyond the outermost ones at
/// the same slope: exact for a normal demand, and for others as near as the quantiles are dense. Below zero nothing is asked for,
/// so what would lie there is moved to zero. Equal quantiles are a lump of probability, as intermittent demand has them.
public struct QuantileDemand: IntervalDemand, Hashable {
    public let levels: [Double]
    /// Units, never falling from one level to the next.
    public let values: [Double]
    public let grain: Double
    public let mean: Double
    public let standardDeviation: Double

    private let pieces: [Piece]

    /// One stretch of normal scores on which the demand is `base + slope z`.
    private struct Piece: Hashable {
        let from: Double
        let to: Double
        let base: Double
        let slope: Double

        /// `(a + slope z)+` integrated over the scores where it is above zero, weighted by the bell.
        func integral(lessening quantity: Double, squared: Bool = false) -> Double {
            let a = base - quantity
            let start = slope > 0 ? max(from, -a / slope) : (a > 0 ? from : to)
            guard start < to else { return 0 }
            let share = UnitNormal.upperTail(start) - (to == .infinity ? 0 : UnitNormal.upperTail(to))
            let lower = start == -.infinity ? 0 : UnitNormal.density(start)
            let upper = to == .infinity ? 0 : UnitNormal.density(to)
            guard squared else { return a * share + slope * (lower - upper) }
            let second =
                share + (start == -.infinity ? 0 : start * lower) - (to == .infinity ? 0 : to * upper)
            return a * a * share + 2 * a * slope * (lower - upper) + slope * slope * second
        }
    }

    /// - Parameters:
    ///   - levels: between 0 and 1, ascending, at least two.
    ///   - values: the quantiles at those levels, units, finite, `>= 0` and not falling; of the demand summed over the interval.
    ///   - grain: units; 0 for any amount.
    /// - Throws: `PolicyError` naming the first figure that cannot be.
    public init(levels: [Double], values: [Double], grain: Double = 0) throws(PolicyError) {
        guard levels.count >= 2, levels.count == values.count else {
            throw PolicyError(field: "values", value: Double(values.count), expected: "one for each of at least two levels")
        }
        try PolicyError.require("grain", grain)
        for (index, (level, value)) in zip(levels, values).enumerated() {
            let floor = index == 0 ? 0 : levels[index - 1]
            guard level > floor, level < 1 else {
                throw PolicyError(field: "levels[\(index)]", value: level, expected: "above \(floor) and below 1")
            }
            try PolicyError.require("values[\(index)]", value, atLeast: index == 0 ? 0 : values[index - 1])
        }
        self.levels = levels
        self.values = values
        self.grain = grain
        let scores = levels.map(UnitNormal.quantile)
        let count = scores.count
        pieces = (1..<count).map { index in
            let slope = (values[index] - values[index - 1]) / (scores[index] - scores[index - 1])
            return Piece(
                from: index == 1 ? -.infinity : scores[index - 1], to: index == count - 1 ? .infinity : scores[index],
                base: values[index] - slope * scores[index], slope: slope)
        }
        mean = max(0, pieces.reduce(0) { $0 + $1.integral(lessening: 0) })
        let square = pieces.reduce(0) { $0 + $1.integral(lessening: 0, squared: true) }
        standardDeviation = max(0, square - mean * mean).squareRoot()
    }

    public func quantile(_ level: Double) -> Double {
        guard level > 0 else { return 0 }
        let score = UnitNormal.quantile(min(level, 1 - 1e-12))
        guard let index = pieces.firstIndex(where: { score <= $0.to }) else { return 0 }
        // Rounding must not carry a value past the quantiles that it lies between.
        let floor = index == 0 ? 0 : values[index]
        let ceiling = index == pieces.count - 1 ? .infinity : values[index + 1]
        return raisedToStep(min(ceiling, max(floor, pieces[index].base + pieces[index].slope * score)))
    }

    public func probability(atMost quantity: Double) -> Double {
        guard quantity >= 0 else { return 0 }
        // Where the demand may be no more than the quantity: the last piece that begins there decides.
        let slack = 1e-12 * max(1, quantity)
        guard
            let piece = pieces.last(where: { $0.from == -.infinity || $0.base + $0.slope * $0.from <= quantity + slack })
        else { return 0 }
        guard piece.slope > 0 else { return piece.base <= quantity + slack ? UnitNormal.cumulative(piece.to) : 0 }
        return UnitNormal.cumulative(min(piece.to, (quantity + slack - piece.base) / piece.slope))
    }

    public func expectedExcess(over quantity: Double) -> Double {
        guard quantity > 0 else { return mean - quantity }
        return max(0, pieces.reduce(0) { $0 + $1.integral(lessening: quantity) })
    }
}
