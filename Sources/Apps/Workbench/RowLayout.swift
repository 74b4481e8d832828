import Foundation
import Vocabulary

/// Where a row keeps its identifier, its day, its demand and, if it says so, how long there was stock.
enum RowLayout {
    case columns(id: Int, day: Int, value: Int, available: Int?)
    case objects

    struct Fields {
        let id: String
        let day: BusinessDate
        let value: Double
        /// The share of the period in which there was stock, 0 ... 1.
        var available = 1.0
    }

    struct Objection: Error {
        let field: String
        let found: String
        let expected: String
    }

    init(header: [UInt8], path: String) throws(WorkbenchError) {
        let names = Self.cells(header).map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespaces) }
        guard let id = names.firstIndex(of: "unique_id"), let day = names.firstIndex(of: "ds"),
            let value = names.firstIndex(of: "y")
        else {
            throw .file(path, "has the columns \(names.joined(separator: ", ")); expected unique_id, ds and y")
        }
        self = .columns(id: id, day: day, value: value, available: names.firstIndex(of: "available"))
    }

    func read(_ line: [UInt8]) -> Result<Fields, Objection> {
        let texts: (id: ArraySlice<UInt8>, day: ArraySlice<UInt8>, value: ArraySlice<UInt8>, available: ArraySlice<UInt8>)
        switch self {
        case .columns(let id, let day, let value, let available):
            let cells = Self.cells(line)
            let last = max(id, day, value, available ?? 0)
            guard last < cells.count else {
                return .failure(.init(field: "row", found: "\(cells.count) columns", expected: "at least \(last + 1)"))
            }
            texts = (cells[id], cells[day], cells[value], available.map { cells[$0] } ?? [])
        case .objects:
            guard let row = try? JSONDecoder().decode(ObjectRow.self, from: Data(line)) else {
                let text = String(decoding: line.prefix(80), as: UTF8.self)
                return .failure(.init(field: "row", found: text, expected: #"{"unique_id": "...", "ds": "YYYY-MM-DD", "y": 1}"#))
            }
            guard let day = BusinessDate(text: String(row.ds.prefix(10))) else { return .failure(Self.wrongDay(row.ds)) }
            let share = row.available.map { "\($0)" } ?? ""
            return Self.checked(row.unique_id, day, row.y, "\(row.y)", share)
        }
        let dayText = String(decoding: texts.day.prefix(10), as: UTF8.self)
        guard let day = BusinessDate(text: dayText) else { return .failure(Self.wrongDay(dayText)) }
        let text = String(decoding: texts.value, as: UTF8.self)
        let share = String(decoding: texts.available, as: UTF8.self)
        return Self.checked(String(decoding: texts.id, as: UTF8.self), day, Double(text) ?? .nan, text, share)
    }

    private static func wrongDay(_ text: String) -> Objection {
        Objection(field: "ds", found: text, expected: "an existing date as YYYY-MM-DD")
    }

    /// - Parameter share: nothing when the row does not say; then there was stock.
    private static func checked(
        _ id: String, _ day: BusinessDate, _ value: Double, _ text: String, _ share: String
    ) -> Result<Fields, Objection> {
        guard !id.isEmpty else { return .failure(.init(field: "unique_id", found: "nothing", expected: "a name")) }
        guard value >= 0, value <= 1e100 else {
            return .failure(.init(field: "y", found: text.isEmpty ? "nothing" : text, expected: "units from 0 to 1e100"))
        }
        let available = share.isEmpty ? 1 : Double(share) ?? .nan
        guard available >= 0, available <= 1 else {
            return .failure(.init(field: "available", found: share, expected: "the share of the period with stock, 0 to 1"))
        }
        return .success(Fields(id: id, day: day, value: value, available: available))
    }

    /// The cells of one line; a quoted cell may hold commas and doubled quotes, but no line end.
    static func cells(_ line: [UInt8]) -> [ArraySlice<UInt8>] {
        let (comma, quote) = (UInt8(ascii: ","), UInt8(ascii: "\""))
        guard line.contains(quote) else { return line.split(separator: comma, omittingEmptySubsequences: false) }
        var cells: [ArraySlice<UInt8>] = []
        var cell: [UInt8] = []
        var inside = false
        for (index, byte) in line.enumerated() {
            switch byte {
            case quote:
                // The second of two quotes inside a cell stands for one.
                if !inside, index > 0, line[index - 1] == quote { cell.append(quote) }
                inside.toggle()
            case comma where !inside:
                cells.append(cell[...])
                cell = []
            default: cell.append(byte)
            }
        }
        return cells + [cell[...]]
    }

    private struct ObjectRow: Decodable {
        let unique_id: String
        let ds: String
        let y: Double
        let available: Double?
    }
}
