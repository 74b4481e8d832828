import Foundation
import Vocabulary

/// Demand histories as they stand in a file: one row a series and period, `unique_id,ds,y`, perhaps with the share of
/// the period in which there was stock (`available`), CSV or one JSON object a line.
public struct DemandFile: Sendable {
    /// One series, its periods without gaps: a period that has no row had no demand.
    public struct Series: Sendable {
        public let id: String
        public let first: BusinessDate
        public fileprivate(set) var values: [Double]
        /// The shares of those periods that did not have stock all the time.
        public fileprivate(set) var available: [BusinessDate: Double] = [:]
    }

    /// A row that was left out, and why.
    public struct Refusal: Sendable, Hashable, CustomStringConvertible {
        /// As a spreadsheet counts: from 1, the header included.
        public let row: Int
        public let field: String
        public let found: String
        public let expected: String
        public var description: String { "row \(row), \(field): found \(found), expected \(expected)" }
    }

    /// Ordered by identifier.
    public private(set) var series: [Series] = []
    public private(set) var rows = 0
    public private(set) var refusedCount = 0
    /// The first hundred.
    public private(set) var refusals: [Refusal] = []
    /// Periods between two rows of a series that had no row of their own.
    public private(set) var filled = 0

    private var places: [String: Int] = [:]
    private var late: [(place: Int, fields: RowLayout.Fields, row: Int)] = []

    /// - Throws: `WorkbenchError` when the file cannot be read or its header lacks a column.
    public init(path: String, frequency: Frequency, progress: (Int) -> Void = { _ in }) throws(WorkbenchError) {
        let file = try GzipFile(reading: path)
        var line: [UInt8] = []
        guard try file.next(into: &line) else { throw .file(path, "is empty") }
        let layout: RowLayout
        if line.first(where: { $0 != UInt8(ascii: " ") }) == UInt8(ascii: "{") {
            layout = .objects
            take(line, layout, 1, frequency)
        } else {
            layout = try RowLayout(header: line, path: path)
        }
        var row = 1
        while try file.next(into: &line) {
            row += 1
            if line.isEmpty { continue }
            take(line, layout, row, frequency)
            if row % 500_000 == 0 { progress(row) }
        }
        settleLate(frequency)
        places = [:]
        series.sort { $0.id < $1.id }
    }

    private mutating func take(_ line: [UInt8], _ layout: RowLayout, _ row: Int, _ frequency: Frequency) {
        rows += 1
        switch layout.read(line) {
        case .failure(let objection): refuse(row, objection)
        case .success(let fields): add(fields, row, frequency)
        }
    }

    private mutating func refuse(_ row: Int, _ objection: RowLayout.Objection) {
        refusedCount += 1
        if refusals.count < 100 {
            refusals.append(Refusal(row: row, field: objection.field, found: objection.found, expected: objection.expected))
        }
    }

    private mutating func add(_ fields: RowLayout.Fields, _ row: Int, _ frequency: Frequency) {
        guard let place = places[fields.id] else {
            trimLast()
            places[fields.id] = series.count
            series.append(Series(id: fields.id, first: fields.day, values: [fields.value]))
            return note(fields, series.count - 1)
        }
        guard let offset = frequency.periods(from: series[place].first, to: fields.day) else {
            return refuse(
                row,
                .init(field: "ds", found: "\(fields.day)", expected: "a whole number of periods after \(series[place].first)"))
        }
        let count = series[place].values.count
        // Files are nearly always in order; what is not waits until all is known.
        guard offset >= count else { return late.append((place, fields, row)) }
        guard offset - count < 100_000 else {
            return refuse(row, .init(field: "ds", found: "\(fields.day)", expected: "a day near the others of \(fields.id)"))
        }
        if offset > count {
            filled += offset - count
            series[place].values += [Double](repeating: .nan, count: offset - count)
        }
        series[place].values.append(fields.value)
        note(fields, place)
    }

    /// Gives back the room that the values of the last series have grown beyond; files nearly always have one series after the
    /// other.
    private mutating func trimLast() {
        guard let last = series.indices.last, series[last].values.capacity > series[last].values.count else { return }
        series[last].values = series[last].values.withUnsafeBufferPointer { Array($0) }
    }

    private mutating func note(_ fields: RowLayout.Fields, _ place: Int) {
        if fields.available < 1 { series[place].available[fields.day] = fields.available }
    }

    /// Rows that came late fill the gaps they belong into, or go before the first.
    private mutating func settleLate(_ frequency: Frequency) {
        for entry in late.sorted(by: { $0.fields.day > $1.fields.day }) {
            let (first, day) = (series[entry.place].first, entry.fields.day)
            guard let offset = frequency.periods(from: first, to: day), offset > -100_000 else { continue }
            if offset < 0 {
                let gap = [Double](repeating: .nan, count: -offset - 1)
                filled += gap.count
                let values = [entry.fields.value] + gap + series[entry.place].values
                series[entry.place] = Series(
                    id: series[entry.place].id, first: day, values: values, available: series[entry.place].available)
            } else if series[entry.place].values[offset].isNaN {
                series[entry.place].values[offset] = entry.fields.value
                filled -= 1
            } else {
                let expected = "one row a period of \(series[entry.place].id)"
                refuse(entry.row, .init(field: "ds", found: "\(day)", expected: expected))
                continue
            }
            note(entry.fields, entry.place)
        }
        late = []
        for place in series.indices where filled > 0 {
            for index in series[place].values.indices where series[place].values[index].isNaN {
                series[place].values[index] = 0
            }
        }
    }
}
