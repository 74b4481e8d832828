import CanonicalModel
import Vocabulary

/// A file that gives its rows one by one, whatever its format.
protocol RowSource: AnyObject {
    func next() throws(Fault) -> RowReading
    var place: FilePlace { get }
    /// The row just read as it goes into the file of refused rows, without its line end.
    func refusedLine(_ row: RefusedRow) -> [UInt8]
    /// What the file of refused rows begins with.
    var refusedHeader: [UInt8] { get }
}

enum RowReading {
    case row(RowValues, line: Int)
    case refused(RefusedRow)
    case end
}

/// The rows of a CSV file.
final class CSVRows: RowSource {
    private let file: FileBytes
    private(set) var reader: CSVReader
    let header: [String]
    let match: HeaderMatch
    private let template: RowValuesTemplate

    /// - Throws: `input.invalid` with everything that is wrong with the header.
    init(_ file: FileBytes, columns: [Column], options: ImportOptions, at place: FilePlace) throws(Fault) {
        self.file = file
        try file.seek(to: 0)
        reader = CSVReader(options.dialect, limits: options.limits ?? ReadingLimits())
        switch try CSVRows.step(reader, file) {
        case .record: header = reader.repairedTexts
        case .refused(let expected):
            throw .invalid([Violation("header", found: reader.repairedTexts.first, expected: expected, row: 1)])
        case .end, .needsInput:
            throw .invalid([Violation("header", found: nil, expected: "a first row with the names of the columns", row: 1)])
        }
        match = try HeaderMatch(header, for: columns, renamed: options.renamed)
        template = RowValuesTemplate(columns, written: match.written, names: options.names)
        guard place.byteOffset > 0 else { return }
        try file.seek(to: place.byteOffset)
        reader = CSVReader(continuing: reader, at: place)
    }

    var place: FilePlace { reader.place }

    private static func step(_ reader: CSVReader, _ file: FileBytes) throws(Fault) -> CSVReader.Step {
        while true {
            let step = reader.next()
            guard step == .needsInput else { return step }
            let chunk = try file.next()
            if chunk.isEmpty { reader.finish() } else { reader.append(chunk) }
        }
    }

    /// The next record, its cells counted but not looked into.
    func nextRecord() throws(Fault) -> CSVReader.Step {
        let step = try CSVRows.step(reader, file)
        guard step == .record, reader.fieldCount != match.width else { return step }
        return .refused(expected: "\(match.width) cells, as the header has (it has \(reader.fieldCount))")
    }

    func next() throws(Fault) -> RowReading {
        switch try nextRecord() {
        case .record: return .row(values(), line: reader.line)
        case .refused(let expected): return .refused(refusal(expected))
        case .end, .needsInput: return .end
        }
    }

    func refusal(_ expected: String) -> RefusedRow {
        let found = reader.fieldCount > 0 ? reader.text(0) : nil
        return RefusedRow(
            row: reader.row, line: reader.line,
            violations: [Violation("record", found: found, expected: expected, row: reader.row)])
    }

    /// The cells of the record just read.
    func values() -> RowValues {
        var values = template.row(reader.row)
        for (index, position) in match.positions.enumerated() {
            guard let position else { continue }
            if let text = reader.text(position) {
                values.cells[index] = text
            } else {
                let repaired = reader.raw(position).map { String(decoding: $0, as: UTF8.self) }
                values.complain(template.names(index), found: repaired, "UTF-8 text")
            }
        }
        return values
    }

    private var isReport: Bool { header.suffix(2) == HeaderMatch.reportColumns[...] }

    var refusedHeader: [UInt8] {
        var writer = CSVWriter(delimiter: reader.delimiter)
        writer.row(header.dropLast(isReport ? 2 : 0) + HeaderMatch.reportColumns)
        return writer.bytes
    }

    func refusedLine(_ row: RefusedRow) -> [UInt8] {
        var writer = CSVWriter(delimiter: reader.delimiter)
        let width = match.width - (isReport ? 2 : 0)
        var cells = Array(reader.repairedTexts.prefix(width))
        cells += Array(repeating: "", count: width - cells.count)
        writer.row(cells + ["\(row.row)", row.reasons])
        return writer.bytes
    }
}

extension RefusedRow {
    /// All violations in one line.
    var reasons: String {
        violations.map { "\($0.field): found \($0.found.map { "\"\($0)\"" } ?? "nothing"), expected \($0.expected)" }
            .joined(separator: "; ")
    }
}
