import Foundation

/// Demands so far from everything around them that no method should learn from them.
///
/// Of demand that comes nearly every period: its distance from a robust line through its neighbours, without the season, in
/// medians of such distances. Of demand now and then: the logarithm of its size among the other sizes. What recurs with the
/// season, what stands beside its like, and what the history ends with is not an outlier: it is a season, a new level, or not
/// known yet. Source: Hampel (1974), "The influence curve and its role in robust estimation", J. Am. Stat. Assoc. 69, for median
/// and MAD as the rule; the guards are ours.
public struct DemandOutliers: Sendable, Hashable {
    /// Oldest first.
    public let treatments: [DemandTreatment]

    /// Median deviations that are too far.
    public static let threshold = 6.0
    /// Neighbours to either side of which the usual level is read.
    static let reach = 5

    /// - Parameters:
    ///   - known: periods that have a reason, by their index; neither judged nor learnt from.
    public init(_ history: DemandSeries, but known: Set<Int> = []) {
        let first = history.values.firstIndex { $0 > 0 } ?? history.count
        let places = (first..<history.count).filter { !known.contains($0) }
        let found: [DemandTreatment]
        if places.count < 2 * Self.reach + 3 {
            found = []
        } else if Self.isIntermittent(places.map { history.values[$0] }) {
            found = Self.sizes(history, places)
        } else {
            found = Self.distances(history, places)
        }
        treatments = Self.isSteady(found.applied(to: history.values), places) && found.count <= places.count / 10 ? found : []
    }

    /// Whether the rest is of much the same size. Where sizes vary by nature, in the erratic and lumpy classes, a large one is no
    /// mistake, and the quantiles need it.
    private static func isSteady(_ values: [Double], _ places: [Int]) -> Bool {
        let rest = DemandSeries(trusted: places.map { values[$0] }, season: 1)
        return (DemandPattern(rest)?.squaredVariation ?? 0) < DemandPattern.variationBorder
    }

    private static func isIntermittent(_ values: [Double]) -> Bool {
        Double(values.count) >= DemandPattern.intervalBorder * Double(values.count { $0 > 0 })
    }

    private static func distances(_ history: DemandSeries, _ places: [Int]) -> [DemandTreatment] {
        let values = places.map { history.values[$0] }
        let usual = UsualDemand(values, places, season: history.season)
        let apart = values.indices.map { (values[$0] - usual.expected[$0]) / usual.unit[$0] }
        // Whole pieces and the twentieth part of the level are never far.
        let least = max(0.05, 0.5 * history.grain / max(usual.unit.median, 1e-300))
        let far = threshold * max(apart.medianDeviation(from: 0), least)
        return apart.indices.compactMap { index in
            guard abs(apart[index]) > far, stands(index, alone: usual.adjusted, beyond: 0.75 * far * usual.unit[index]),
                !recurs(index, apart, places, history)
            else { return nil }
            let step = history.grain
            let taken = step > 0 ? (usual.expected[index] / step).rounded() * step : usual.expected[index]
            return DemandTreatment(.outlier, period: places[index], recorded: values[index], taken: max(0, taken))
        }
    }

    /// Whether what came before and what came after both lie to the same side; of the last nobody knows what comes after.
    private static func stands(_ index: Int, alone values: [Double], beyond distance: Double) -> Bool {
        let before = values[max(0, index - reach)..<index]
        let after = values[(index + 1)..<min(values.count, index + 1 + reach)]
        guard !after.isEmpty else { return false }
        let sides = [before, after].filter { !$0.isEmpty }.map { values[index] - $0.median }
        return sides.allSatisfy { $0 > distance } || sides.allSatisfy { $0 < -distance }
    }

    /// Whether a period of another season, at the same place or beside it, lies as far to the same side; unknown counts as yes,
    /// because what came once may come every season.
    private static func recurs(_ index: Int, _ apart: [Double], _ places: [Int], _ history: DemandSeries) -> Bool {
        guard history.season > 1 else { return false }
        var peers = 0
        for (other, place) in places.enumerated() where other != index {
            let distance = abs(place - places[index]) % history.season
            guard min(distance, history.season - distance) <= 1, abs(place - places[index]) > 2 else { continue }
            if distance == 0 { peers += 1 }
            if apart[other] * apart[index] > 0, abs(apart[other]) > 0.5 * abs(apart[index]) { return true }
        }
        return peers == 0
    }

    private static func sizes(_ history: DemandSeries, _ places: [Int]) -> [DemandTreatment] {
        let sold = places.filter { history.values[$0] > 0 }
        guard sold.count >= 8 else { return [] }
        let logarithms = sold.map { log(history.values[$0]) }
        let centre = logarithms.median
        // Sizes vary by nature: a factor of twenty is never far.
        let scale = max(logarithms.medianDeviation(from: centre), log(20) / threshold)
        let apart = logarithms.map { ($0 - centre) / scale }
        guard let usual = sold.indices.filter({ apart[$0] <= threshold }).map({ history.values[sold[$0]] }).max() else {
            return []
        }
        return sold.indices.compactMap { index in
            guard apart[index] > threshold, sold[index] != places.last, !recurs(index, apart, sold, history) else { return nil }
            return DemandTreatment(.outlier, period: sold[index], recorded: history.values[sold[index]], taken: usual)
        }
    }
}

/// What each period would usually bring, by medians, and the unit in which distances from it are compared.
private struct UsualDemand {
    let expected: [Double]
    let unit: [Double]
    /// The history without its season.
    let adjusted: [Double]

    init(_ values: [Double], _ places: [Int], season: Int) {
        let plain = Self(values, places, shares: [1])
        guard season > 1, let last = places.last, last >= 3 * season - 1 else {
            self = plain
            return
        }
        let seasonal = Self(values, places, shares: Self.shares(values, places, season))
        // A season that does not bring the figures together is none.
        self = seasonal.spread(values) < 0.95 * plain.spread(values) ? seasonal : plain
    }

    private init(_ values: [Double], _ places: [Int], shares: [Double]) {
        let share = places.map { shares[$0 % shares.count] }
        adjusted = zip(values, share).map { $0 / $1 }
        let level = RobustLevel(adjusted, reach: DemandOutliers.reach).values
        let floor = max(0.2 * level.median, 1e-300)
        expected = zip(level, share).map { $0 * $1 }
        unit = zip(level, share).map { max($0, floor) * $1 }
    }

    private func spread(_ values: [Double]) -> Double {
        values.indices.map { (values[$0] - expected[$0]) / unit[$0] }.medianDeviation(from: 0)
    }

    /// The median, over the seasons, of each place's share of the mean of a season around it.
    private static func shares(_ values: [Double], _ places: [Int], _ season: Int) -> [Double] {
        let half = season / 2
        var ratios = [[Double]](repeating: [], count: season)
        for index in values.indices {
            let window = values[max(0, index - half)...min(values.count - 1, index + half)]
            let mean = window.reduce(0, +) / Double(window.count)
            if mean > 0 { ratios[places[index] % season].append(values[index] / mean) }
        }
        return ratios.map { $0.isEmpty ? 1 : max(0.05, $0.median) }
    }
}
