import Foundation

/// A small CSV file with a header, read whole.
struct CommaTable {
    struct Row {
        /// As a spreadsheet counts: from 1, the header included.
        let number: Int
        fileprivate let cells: [String: String]

        /// Nothing where the file has no such column.
        subscript(column: String) -> String { cells[column] ?? "" }
    }

    private(set) var rows: [Row] = []

    /// - Throws: `WorkbenchError` when the file cannot be read or a column is missing.
    init(path: String, needs: [String]) throws(WorkbenchError) {
        let file = try GzipFile(reading: path)
        var line: [UInt8] = []
        guard try file.next(into: &line) else { throw .file(path, "is empty") }
        let names = Self.texts(line)
        guard needs.allSatisfy(names.contains) else {
            throw .file(path, "has the columns \(names.joined(separator: ", ")); expected \(needs.joined(separator: ", "))")
        }
        var number = 1
        while try file.next(into: &line) {
            number += 1
            if line.isEmpty { continue }
            rows.append(Row(number: number, cells: Dictionary(zip(names, Self.texts(line))) { first, _ in first }))
        }
    }

    private static func texts(_ line: [UInt8]) -> [String] {
        RowLayout.cells(line).map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespaces) }
    }
}
