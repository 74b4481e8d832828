/// Forecasts demand in lots of a few typical sizes by what its own past would bring again: exactly, not by drawing samples.
///
/// Whether there is demand follows from whether there was any in the period before (a Markov chain of two states, each
/// transition counted with half a case more); how much, is one of the sizes seen, each as likely as it was frequent. The
/// distribution of a period ahead, and of the sum over several, is computed on the lattice of the item's grain: what a
/// bootstrap comes to with infinitely many samples. Quantiles are sums of sizes that happened, so a part sold by the gross is
/// never stocked by the half gross.
///
/// Source: Willemain, Smart, Schwarz (2004), "A new approach to forecasting intermittent demand for service parts inventories",
/// Int. J. Forecasting 20(3), without the jitter.
public struct LotBootstrap: ForecastingMethod {
    public let name = "lotBootstrap"
    /// Points of the lattice; where the grain would need more, sizes are rounded to a coarser one.
    private static let mostPoints = 2048

    public init() {}

    public func forecast(_ history: DemandSeries, _ request: ForecastRequest) throws(ForecastError) -> SeriesForecast {
        guard let largest = history.values.max(), largest > 0 else {
            return NoDemand.forecast(request, periods: history.count)
        }
        let chain = Chain(history.values)
        let sizes = history.values.filter { $0 > 0 }
        let size = sizes.reduce(0) { $0 + $1 / Double(sizes.count) }
        let square = sizes.reduce(0) { $0 + $1 * $1 / Double(sizes.count) }
        let shares = chain.shares(request.horizon)
        let mean = shares.map { $0 * size }
        let variance = max(0, shares[0] * square - mean[0] * mean[0])
        let plain = SeriesForecast(
            method: name, mean: mean,
            spread: ForecastSpread(deviation: variance.squareRoot(), shape: .counts(grain: history.grain)), levels: [],
            residualDeviation: variance.squareRoot(),
            explanation: ForecastExplanation(
                reason: "Demand comes in lots: the sizes seen and the rhythm of periods with demand would come again.",
                parameters: [
                    .init("probability after a demand", chain.afterDemand), .init("probability after none", chain.afterNone),
                    .init("mean size", size), .init("sizes seen", Double(Set(sizes).count)),
                ]))
        func rows(_ length: Int) -> [[Double]] {
            let lattice = Lattice(sizes, grain: history.grain, largest: largest, length: length, mostPoints: Self.mostPoints)
            let columns = (0...request.horizon - length).map { first in
                lattice.quantiles(chain, before: first == 0 ? chain.last : shares[first - 1], request.levels)
            }
            return request.levels.indices.map { level in columns.map { $0[level] } }
        }
        let length = request.protection.flatMap { $0 <= request.horizon ? $0 : nil }
        return SeriesForecast(plain, levels: request.levels, quantiles: rows(1), protection: length.map(rows) ?? [])
    }

    /// How likely a demand is after a period with one, and after an empty one.
    struct Chain {
        let afterDemand: Double
        let afterNone: Double
        /// 1 when there was demand in the last known period.
        let last: Double

        init(_ values: [Double]) {
            var (demands, repeated, empties, begun) = (0.0, 0.0, 0.0, 0.0)
            for (before, value) in zip(values, values.dropFirst()) {
                if before > 0 {
                    demands += 1
                    repeated += value > 0 ? 1 : 0
                } else {
                    empties += 1
                    begun += value > 0 ? 1 : 0
                }
            }
            afterDemand = (repeated + 0.5) / (demands + 1)
            afterNone = (begun + 0.5) / (empties + 1)
            last = (values.last ?? 0) > 0 ? 1 : 0
        }

        /// Probability of a demand in each of the periods ahead.
        func shares(_ horizon: Int) -> [Double] {
            var share = last
            return (0..<horizon).map { _ in
                share = share * afterDemand + (1 - share) * afterNone
                return share
            }
        }
    }

    /// Sums of sizes on evenly spaced points.
    struct Lattice {
        let step: Double
        let length: Int
        /// Points that a demand moves a sum up, with their frequencies.
        private let moves: [(points: Int, share: Double)]
        private let points: Int

        init(_ sizes: [Double], grain: Double, largest: Double, length: Int, mostPoints: Int) {
            self.length = length
            step = max(grain, largest * Double(length) / Double(mostPoints))
            var shares: [Int: Double] = [:]
            for size in sizes { shares[Int((size / step).rounded()), default: 0] += 1 / Double(sizes.count) }
            moves = shares.map { ($0.key, $0.value) }.sorted { $0.points < $1.points }
            points = (moves.last?.points ?? 0) * length + 1
        }

        /// - Parameter before: probability that the period before the first one summed had demand.
        func quantiles(_ chain: Chain, before: Double, _ levels: [Double]) -> [Double] {
            // Probability of each sum so far, apart by whether the latest period had demand.
            var empty = [Double](repeating: 0, count: points)
            var asked = empty
            (empty[0], asked[0]) = (1 - before, before)
            for period in 0..<length {
                let reached = (moves.last?.points ?? 0) * period
                var (nextEmpty, nextAsked) = ([Double](repeating: 0, count: points), [Double](repeating: 0, count: points))
                for point in 0...reached where empty[point] + asked[point] > 0 {
                    let demand = empty[point] * chain.afterNone + asked[point] * chain.afterDemand
                    nextEmpty[point] = empty[point] + asked[point] - demand
                    for move in moves { nextAsked[point + move.points] += demand * move.share }
                }
                (empty, asked) = (nextEmpty, nextAsked)
            }
            var point = 0
            var total = empty[0] + asked[0]
            return levels.map { level in
                while total < level - 1e-12, point + 1 < points {
                    point += 1
                    total += empty[point] + asked[point]
                }
                return Double(point) * step
            }
        }
    }
}
