import Vocabulary

extension SQLValue {
    /// Refuses what one of the two databases would change or not accept: the NUL character in text
    /// (PostgreSQL) and the number NaN (SQLite would make it NULL).
    ///
    /// - Throws: `input.invalid` naming `field`.
    package func requireStorable(_ field: @autoclosure () -> String) throws(Fault) {
        switch self {
        case .text(let text) where hasNUL(text):
            throw .invalid(field(), found: text.replacing("\0", with: "␀"), expected: "text without the NUL character")
        case .real(let number) where number.isNaN:
            throw .invalid(field(), found: "NaN", expected: "a number")
        case .null, .integer, .real, .text:
            return
        }
    }
}

private func hasNUL(_ text: String) -> Bool {
    text.utf8.withContiguousStorageIfAvailable { bytes in bytes.contains(0) } ?? text.utf8.contains(0)
}

/// What every driver asks of the arguments of a load before it touches the table.
package func requireLoadable(into table: String, columns: [String]) throws(Fault) {
    guard isPlainIdentifier(table), !columns.isEmpty, columns.allSatisfy(isPlainIdentifier) else {
        throw .storageDefect("A load names the table \"\(table)\" and the columns \(columns), which are not plain identifiers.")
    }
}

/// A row of a load that does not have one value for each column.
package func requireWidth(_ row: [SQLValue], of columns: [String], number: Int) throws(Fault) {
    guard row.count == columns.count else {
        throw .storageDefect("Row \(number) of the load has \(row.count) values for \(columns.count) columns.")
    }
}
