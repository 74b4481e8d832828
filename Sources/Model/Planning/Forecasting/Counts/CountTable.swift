import Foundation

/// Many quantiles of one demand in one walk over its probabilities, or read off a gamma where the counts are too many to walk.
struct CountTable {
    /// Ascending, between 0 and 1.
    let levels: [Double]
    private let places: [GammaGrid.Place]

    /// Counts up to here are walked; beyond, whole units make no difference that matters.
    private static let mostUnits = 60.0

    init(_ levels: [Double]) {
        self.levels = levels
        places = levels.map(GammaGrid.place)
    }

    /// - Parameters:
    ///   - grain: the step in which the item is asked for; 0 for none.
    ///   - table: is filled with one quantile a level.
    func quantiles(mean: Double, variance: Double, grain: Double, into table: inout [Double]) {
        table.removeAll(keepingCapacity: true)
        guard mean > 0 else { return table += repeatElement(0, count: levels.count) }
        let unit = grain > 0 ? grain : mean / 20
        if mean <= Self.mostUnits * unit, variance <= Self.mostUnits * Self.mostUnits * unit * unit {
            return walk(CountDistribution(mean: mean / unit, variance: variance / (unit * unit)), unit, &table)
        }
        let squaredVariation = variance / (mean * mean)
        if let column = GammaGrid.shared.column(shape: 1 / squaredVariation) {
            for start in stride(from: 0, to: places.count, by: 8) {
                var logarithms = Lanes.zero
                for lane in 0..<min(8, places.count - start) { logarithms[lane] = column.logarithm(places[start + lane]) }
                let quantiles = LaneMath.exponential(logarithms) * Lanes(repeating: mean)
                for lane in 0..<min(8, places.count - start) { table.append(quantiles[lane]) }
            }
        } else {
            let demand = DemandDistribution(mean: mean, variance: variance)
            for level in levels { table.append(max(table.last ?? 0, demand.quantile(level))) }
        }
    }

    private func walk(_ counts: CountDistribution, _ unit: Double, _ table: inout [Double]) {
        var probability = counts.probabilityOfNone
        var total = probability
        var units = 0.0
        // P(x + 1) / P(x) = (a + b x) / (x + 1), for Poisson with b = 0.
        let growth = counts.successes.map { counts.mean / ($0 + counts.mean) } ?? 0
        let start = counts.successes.map { $0 * growth } ?? counts.mean
        for level in levels {
            while total < level, probability > 1e-18 || units < counts.mean {
                probability *= (start + growth * units) / (units + 1)
                units += 1
                total += probability
            }
            table.append(units * unit)
        }
    }
}
