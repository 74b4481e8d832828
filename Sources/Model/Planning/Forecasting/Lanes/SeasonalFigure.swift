import Foundation

/// What each period of the season adds to demand, or multiplies it by, by classical decomposition.
///
/// Source: Hyndman & Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., 3.4; whether there is a season is judged by
/// the autocorrelation at its lag as in the M4 competition's second naive benchmark.
struct SeasonalFigure {
    /// One entry a period of the season; the first belongs to the first period of the history.
    let factors: [Double]
    let multiplies: Bool

    /// Nil when the history is shorter than two seasons.
    init?(_ values: ArraySlice<Double>, season: Int, multiplies: Bool) {
        let count = values.count
        guard season > 1, count >= 2 * season else { return nil }
        let base = values.startIndex
        var sums = [Double](repeating: 0, count: season)
        var counts = [Double](repeating: 0, count: season)
        let half = season / 2
        var window = values[base..<base + season].reduce(0, +)
        for start in 0..<count - season + (season % 2) {
            let centre = start + half
            var average = window
            if start + season < count { window += values[base + start + season] - values[base + start] }
            if season % 2 == 0 { average = 0.5 * (average + window) }
            average /= Double(season)
            guard !multiplies || average > 0 else { continue }
            let value = values[base + centre]
            sums[centre % season] += multiplies ? value / average : value - average
            counts[centre % season] += 1
        }
        var figure = zip(sums, counts).map { $1 > 0 ? $0 / $1 : multiplies ? 1 : 0 }
        let centre = figure.reduce(0, +) / Double(season)
        figure = figure.map { multiplies ? max(0.01, $0 / max(centre, 1e-9)) : $0 - centre }
        factors = figure
        self.multiplies = multiplies
    }

    /// Whether the autocorrelation at the season stands out of chance at 90 %.
    static func isSeasonal(_ values: ArraySlice<Double>, season: Int) -> Bool {
        guard season > 1, values.count >= 3 * season else { return false }
        let mean = values.reduce(0, +) / Double(values.count)
        let total = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        guard total > 0 else { return false }
        var squares = 0.0
        var last = 0.0
        for lag in 1...season {
            var sum = 0.0
            for index in values.startIndex..<values.endIndex - lag {
                sum += (values[index] - mean) * (values[index + lag] - mean)
            }
            last = sum / total
            if lag < season { squares += last * last }
        }
        return abs(last) > 1.645 * ((1 + 2 * squares) / Double(values.count)).squareRoot()
    }

    func removed(from values: ArraySlice<Double>) -> [Double] {
        values.enumerated().map { offset, value in
            multiplies ? value / factors[offset % factors.count] : value - factors[offset % factors.count]
        }
    }

    /// - Parameter period: counted from the first of the history.
    func applied(to value: Double, period: Int) -> Double {
        multiplies ? value * factors[period % factors.count] : value + factors[period % factors.count]
    }
}
