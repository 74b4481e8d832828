/// A line through the neighbours of each period that up to half of them cannot bend.
///
/// Source: Siegel (1982), "Robust regression using repeated medians", Biometrika 69(1); as a filter of time series with trends,
/// Davies, Fried, Gather (2004), J. Stat. Plan. Inference 122.
struct RobustLevel {
    /// Shape `[periods]`.
    let values: [Double]

    /// - Parameter reach: neighbours to either side; near the ends the window keeps its length and looks to one side.
    init(_ history: [Double], reach: Int) {
        let count = history.count
        let length = min(count, 2 * reach + 1)
        values = history.indices.map { centre in
            let first = min(max(0, centre - reach), count - length)
            let window = history[first..<first + length]
            let slopes = window.indices.map { one in
                window.indices.compactMap { $0 == one ? nil : (window[$0] - window[one]) / Double($0 - one) }.median
            }
            let slope = slopes.median
            return window.indices.map { window[$0] - slope * Double($0 - centre) }.median
        }
    }
}

extension Collection<Double> {
    /// The middle value; zero of none.
    var median: Double {
        let sorted = sorted()
        guard !sorted.isEmpty else { return 0 }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
    }

    /// The median of the distances from a centre, as a standard deviation of a normal sample.
    ///
    /// Source: Rousseeuw & Croux (1993), "Alternatives to the median absolute deviation", J. Am. Stat. Assoc. 88.
    func medianDeviation(from centre: Double) -> Double { 1.4826 * map { abs($0 - centre) }.median }
}
