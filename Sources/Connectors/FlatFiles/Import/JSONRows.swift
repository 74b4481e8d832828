import CanonicalModel
import ConnectorKit
import Vocabulary

/// The rows of a file of JSON lines.
final class JSONRows: RowSource {
    private let file: FileBytes
    private let reader: NDJSONReader
    private let columns: [Column]
    private let names: Set<String>
    /// Column indices by the names that members may have.
    private let members: [String: Int]
    private let template: RowValuesTemplate

    init(_ file: FileBytes, columns: [Column], options: ImportOptions, at place: FilePlace) throws(Fault) {
        self.file = file
        self.columns = columns
        names = Set(columns.map(\.name))
        var members: [String: Int] = [:]
        for (index, column) in columns.enumerated() { members[options.renamed[column.name] ?? column.name] = index }
        self.members = members
        template = RowValuesTemplate(columns, written: columns.map { options.renamed[$0.name] ?? $0.name }, names: options.names)
        let limits = options.limits ?? ReadingLimits(recordBytes: 1 << 20)
        reader = NDJSONReader(limits: limits, at: place.byteOffset > 0 ? place : nil)
        try file.seek(to: place.byteOffset)
    }

    var place: FilePlace { reader.place }

    func next() throws(Fault) -> RowReading {
        while true {
            switch reader.next() {
            case .needsInput:
                let chunk = try file.next()
                if chunk.isEmpty { reader.finish() } else { reader.append(chunk) }
            case .end: return .end
            case .refused(let expected):
                return .refused(refusal(Violation("line", found: nil, expected: expected, row: reader.row)))
            case .line:
                do throws(Fault) {
                    return .row(try values(), line: reader.row)
                } catch {
                    return .refused(refusal(error.violations.first ?? Violation("line", found: nil, expected: error.message)))
                }
            }
        }
    }

    private func refusal(_ violation: Violation) -> RefusedRow {
        var violation = violation
        violation.row = reader.row
        return RefusedRow(row: reader.row, line: reader.row, violations: [violation])
    }

    private func values() throws(Fault) -> RowValues {
        var values = template.row(reader.row)
        for cell in try JSONCells(reader.line, known: names).cells where !HeaderMatch.reportColumns.contains(cell.name) {
            if let index = members[cell.name] {
                values.cells[index] = cell.text
            } else {
                let meant = nearestName(to: cell.name, among: members.keys).map { "did you mean \($0)? " } ?? ""
                values.complain(cell.name, found: cell.text, "\(meant)one of \(members.keys.sorted().joined(separator: ", "))")
            }
        }
        return values
    }

    let refusedHeader: [UInt8] = []

    /// The line with the reasons put in front of its members; what is no object becomes the text of one.
    func refusedLine(_ row: RefusedRow) -> [UInt8] {
        let rest = reader.line.drop { $0 == 0x20 || $0 == 0x09 }
        let reasons = (try? JSON.text(of: row.reasons)) ?? "\"\""
        let report = "{\"refusedRow\":\(row.row),\"refusedBecause\":\(reasons),"
        if rest.first == UInt8(ascii: "{"), (try? JSON.decode(JSONCellValue.self, from: reader.line)) != nil {
            let inner = rest.dropFirst().drop { $0 == 0x20 || $0 == 0x09 }
            let isEmpty = inner.first == UInt8(ascii: "}")
            let line = Array(report.utf8.dropLast(isEmpty ? 1 : 0)) + inner
            return Array(line.reversed().drop { $0 == 0x0d }.reversed()) + [0x0a]
        }
        let text = (try? JSON.text(of: String(decoding: reader.line, as: UTF8.self))) ?? "\"\""
        return Array("\(report)\"text\":\(text)}\n".utf8)
    }
}
