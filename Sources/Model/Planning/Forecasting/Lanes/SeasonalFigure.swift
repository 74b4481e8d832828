import Foundation

/// What each period of the season adds to demand, or multiplies it by, by classical decomposition whose years fade.
///
/// Each period of the season is followed from year to year at eight speeds at once, believed by how well they foretold the next
/// year; the figure is then drawn towards none at all by as much of it as may be chance, so that no test for a season is needed.
/// Sources: Hyndman & Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., 3.4 (decomposition); Miller & Williams
/// (2003), "Shrinkage estimators of time series seasonal factors and their effect on forecasting accuracy", Int. J. Forecasting
/// 19(4) (James-Stein shrinkage).
struct SeasonalFigure {
    /// One entry a period of the season; the first belongs to the first period of the history.
    let factors: [Double]
    let multiplies: Bool

    /// Nil when the history is shorter than two seasons.
    init?(_ values: ArraySlice<Double>, season: Int, multiplies: Bool) {
        guard season > 1, values.count >= 2 * season else { return nil }
        var speeds = SeasonalSpeeds(season)
        for (centre, average) in Self.centredAverages(values, season) where !multiplies || average > 0 {
            let value = values[values.startIndex + centre]
            speeds.add(multiplies ? value / average : value - average, to: centre % season)
        }
        let figure = speeds.figure(around: multiplies ? 1 : 0)
        factors = multiplies ? figure.map { max(0.01, $0) } : figure
        self.multiplies = multiplies
    }

    /// The middle period and the mean of every season that the history holds, counted from its first period.
    private static func centredAverages(_ values: ArraySlice<Double>, _ season: Int) -> [(centre: Int, average: Double)] {
        let base = values.startIndex
        var window = values[base..<base + season].reduce(0, +)
        return (0..<values.count - season + (season % 2)).map { start in
            var average = window
            if start + season < values.count { window += values[base + start + season] - values[base + start] }
            // A season of even length has no middle period: half of the periods at both ends.
            if season % 2 == 0 { average = 0.5 * (average + window) }
            return (start + season / 2, average / Double(season))
        }
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
