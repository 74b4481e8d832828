import Foundation

/// Many quantiles of one demand in one walk over its probabilities.
enum CountTable {
    /// - Parameters:
    ///   - levels: ascending, between 0 and 1.
    ///   - grain: the step in which the item is asked for; 0 for none.
    static func quantiles(mean: Double, variance: Double, grain: Double, levels: [Double], into table: inout [Double]) {
        table.removeAll(keepingCapacity: true)
        guard mean > 0 else { return table += [Double](repeating: 0, count: levels.count) }
        let unit = grain > 0 ? grain : mean / 20
        guard mean <= 60 * unit, variance <= 3600 * unit * unit else {
            let demand = DemandDistribution(mean: mean, variance: variance, shape: .matched(grain: grain))
            var last = 0.0
            // An amount so large is read off a curve: twelve points of it are enough.
            let knots = stride(from: 0, to: levels.count, by: max(1, levels.count / 16)).map { $0 } + [levels.count - 1]
            table += [Double](repeating: 0, count: levels.count)
            for (from, to) in zip(knots, knots.dropFirst() + [levels.count]) {
                last = max(last, demand.quantile(levels[from]))
                for index in from..<to { table[index] = last }
            }
            return interpolate(knots, levels, &table)
        }
        walk(CountDistribution(mean: mean / unit, variance: variance / (unit * unit)), unit, levels, &table)
    }

    private static func walk(_ counts: CountDistribution, _ unit: Double, _ levels: [Double], _ table: inout [Double]) {
        var probability = counts.probabilityOfNone
        var total = probability
        var units = 0.0
        let successes = counts.successes
        let odds = successes.map { counts.mean / ($0 + counts.mean) } ?? 0
        for level in levels {
            while total < level, probability > 1e-18 || units < counts.mean {
                units += 1
                probability *= successes.map { ($0 + units - 1) * odds / units } ?? counts.mean / units
                total += probability
            }
            table.append(units * unit)
        }
    }

    private static func interpolate(_ knots: [Int], _ levels: [Double], _ table: inout [Double]) {
        for (from, to) in zip(knots, knots.dropFirst()) where to > from + 1 {
            let (low, high) = (table[from], table[to])
            let (first, last) = (log(levels[from] / (1 - levels[from])), log(levels[to] / (1 - levels[to])))
            for index in from + 1..<to where last > first {
                table[index] = low + (high - low) * (log(levels[index] / (1 - levels[index])) - first) / (last - first)
            }
        }
    }
}
