/// An item's own demand with that of the items whose place it has taken.
///
/// Who asked for the old one asks for the new one. Without its history the new one would look like an item that nobody knows;
/// with it, level, trend and season go on.
public struct Succession: Sendable, Hashable {
    public struct Predecessor: Sendable, Hashable {
        public let name: String
        /// Units per period, in the same periods as the successor's.
        public let values: [Double]
        /// Units of the successor that take the place of one unit, `> 0`.
        public let share: Double

        public init(_ name: String, _ values: [Double], share: Double = 1) {
            self.name = name
            self.values = values
            self.share = share
        }
    }

    /// What was asked for of all of them, in units of the successor.
    public let values: [Double]
    public let treatments: [DemandTreatment]
    public let notes: [String]

    /// - Parameter predecessors: shorter histories count as nothing asked for at their end.
    public init(_ own: [Double], _ predecessors: [Predecessor]) {
        var values = own
        var notes: [String] = []
        for predecessor in predecessors where predecessor.share > 0 && predecessor.share.isFinite {
            var (units, carried, periods) = (0.0, 0.0, 0)
            // A share of whole pieces is whole pieces, the parts carried on.
            let grain = DemandSeries(trusted: own + predecessor.values, season: 1).grain
            for (period, value) in predecessor.values.enumerated() where period < values.count && value > 0 {
                let exact = value * predecessor.share + carried
                let taken = grain > 0 ? (exact / grain).rounded(.down) * grain : exact
                carried = grain > 0 ? exact - taken : 0
                values[period] = min(values[period] + taken, DemandSeries.largest)
                units += taken
                periods += 1
            }
            guard periods > 0 else { continue }
            notes.append("Takes the place of \(predecessor.name), whose \(short(units)) units in \(periods) periods were added.")
        }
        self.values = values
        self.notes = notes
        treatments = own.indices.filter { own[$0] != values[$0] }.map {
            DemandTreatment(.succession, period: $0, recorded: own[$0], taken: values[$0])
        }
    }

    /// The course of items that succeed one another, the last one first in line: who takes over what all before it left.
    ///
    /// - Parameter successors: by predecessor. What leads in a circle has no last one and is left out.
    /// - Returns: for each item that takes over, everybody whose place it has taken in the end.
    public static func lines(_ successors: [String: String]) -> [String: [String]] {
        var lines: [String: [String]] = [:]
        for item in successors.keys.sorted() {
            var (seen, last): (Set<String>, String) = ([item], item)
            while let next = successors[last] {
                guard seen.insert(next).inserted else {
                    last = item
                    break
                }
                last = next
            }
            if last != item { lines[last, default: []].append(item) }
        }
        return lines
    }
}

extension SeriesForecast {
    /// The answer for an item whose place another one has taken: its demand is forecast there.
    public static func succeeded(by name: String, _ request: ForecastRequest) -> SeriesForecast {
        SeriesForecast(
            method: "succeeded", mean: Array(repeating: 0, count: request.horizon), spread: ForecastSpread(deviation: 0),
            levels: request.levels, residualDeviation: 0,
            explanation: ForecastExplanation(reason: "\(name) has taken its place, and its demand is forecast there.")
        ).summed(request)
    }
}
