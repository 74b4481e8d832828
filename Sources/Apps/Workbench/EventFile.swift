import Foundation
import Planning
import Vocabulary

/// Known events as they stand in a file, one row an event and day: `unique_id,ds,name,value`.
///
/// An empty `unique_id` means every series. Without a value an event counts 1. Several days of one event in one period add up.
public struct EventFile: Sendable {
    private struct Occurrence: Sendable {
        let day: BusinessDate
        let name: String
        let value: Double
    }

    public private(set) var rows = 0
    public private(set) var refusals: [DemandFile.Refusal] = []
    /// By series; those of all under nothing.
    private var occurrences: [String: [Occurrence]] = [:]

    /// - Throws: `WorkbenchError` when the file cannot be read or its header lacks a column.
    public init(path: String) throws(WorkbenchError) {
        let table = try CommaTable(path: path, needs: ["ds", "name"])
        for row in table.rows {
            rows += 1
            let text = row["ds"].prefix(10)
            guard let day = BusinessDate(text: String(text)) else {
                refuse(row.number, "ds", String(text), "an existing date as YYYY-MM-DD")
                continue
            }
            guard !row["name"].isEmpty else {
                refuse(row.number, "name", "nothing", "what the event is called")
                continue
            }
            guard let value = row["value"].isEmpty ? 1 : Double(row["value"]), value.isFinite else {
                refuse(row.number, "value", row["value"], "a number")
                continue
            }
            occurrences[row["unique_id"], default: []].append(Occurrence(day: day, name: row["name"], value: value))
        }
    }

    private mutating func refuse(_ row: Int, _ field: String, _ found: String, _ expected: String) {
        refusals.append(DemandFile.Refusal(row: row, field: field, found: found, expected: expected))
    }

    /// The events of one series by name, past and ahead.
    func events(of series: DemandFile.Series, count: Int, horizon: Int, _ frequency: Frequency) -> [DemandEvents.Event] {
        var past: [String: [Double]] = [:]
        var ahead: [String: [Double]] = [:]
        for occurrence in (occurrences[""] ?? []) + (occurrences[series.id] ?? []) {
            let period = frequency.period(of: occurrence.day, from: series.first)
            if (0..<count).contains(period) {
                past[occurrence.name, default: [Double](repeating: 0, count: count)][period] += occurrence.value
            } else if (count..<count + horizon).contains(period) {
                ahead[occurrence.name, default: [Double](repeating: 0, count: horizon)][period - count] += occurrence.value
            }
        }
        return Set(past.keys).union(ahead.keys).sorted().map { name in
            DemandEvents.Event(name, past: past[name] ?? [Double](repeating: 0, count: count), ahead: ahead[name] ?? [])
        }
    }
}
