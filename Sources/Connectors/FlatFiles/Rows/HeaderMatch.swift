import ConnectorKit
import Vocabulary

/// Which column of a file is which column of the feed.
package struct HeaderMatch: Sendable {
    /// Columns that our own reports of refused rows add, and that are passed over when they come back.
    package static let reportColumns = ["refusedRow", "refusedBecause"]

    /// By the feed's columns: the index in the file; nil where the file has none.
    let positions: [Int?]
    /// By the feed's columns: the header as the sender wrote it.
    let written: [String]
    /// How many columns the header has.
    let width: Int

    /// Headers are compared without regard to case and to spaces around them.
    ///
    /// - Parameter renamed: the file's own header for a column, by column name, where they differ.
    /// - Throws: `input.invalid` with every header that is missing, unknown or there twice.
    package init(_ header: [String], for columns: [Column], renamed: [String: String] = [:]) throws(Fault) {
        var positions = [Int?](repeating: nil, count: columns.count)
        var written = columns.map(\.name)
        var violations: [Violation] = []
        let names = HeaderMatch.spellings(of: columns, renamed: renamed)
        for (position, cell) in header.enumerated() {
            let name = HeaderMatch.plain(cell)
            if HeaderMatch.reportColumns.contains(where: { HeaderMatch.plain($0) == name }) { continue }
            guard let index = names[name] else {
                violations.append(HeaderMatch.unknown(cell, columns))
                continue
            }
            if positions[index] != nil {
                violations.append(Violation(cell, found: cell, expected: "each column once", row: 1))
            }
            positions[index] = position
            written[index] = cell
        }
        let missing = columns.indices.filter { columns[$0].isRequired && positions[$0] == nil }
        violations += missing.map { index in
            Violation(
                renamed[columns[index].name] ?? columns[index].name, found: nil, expected: "a column: \(columns[index].meaning)",
                row: 1)
        }
        guard violations.isEmpty else { throw .invalid(violations) }
        self.positions = positions
        self.written = written
        width = header.count
    }

    private static func spellings(of columns: [Column], renamed: [String: String]) -> [String: Int] {
        var spellings: [String: Int] = [:]
        let short = Dictionary(columns.indices.map { (plain(String(columns[$0].shortName)), [$0]) }, uniquingKeysWith: +)
        for (name, indices) in short where indices.count == 1 { spellings[name] = indices[0] }
        for (index, column) in columns.enumerated() { spellings[plain(column.name)] = index }
        for (index, column) in columns.enumerated() {
            if let own = renamed[column.name] { spellings[plain(own)] = index }
        }
        return spellings
    }

    private static func unknown(_ cell: String, _ columns: [Column]) -> Violation {
        let names = columns.map(\.name)
        let meant = nearestName(to: cell, among: names).map { "did you mean \($0)? " } ?? ""
        return Violation(
            cell.isEmpty ? "header" : cell, found: cell, expected: "\(meant)one of \(names.joined(separator: ", "))", row: 1)
    }

    private static func plain(_ name: String) -> String {
        name.lowercased().filter { !$0.isWhitespace }
    }
}
