/// Writes CSV as RFC 4180 has it: CRLF, quotes where they are needed, safe to open in a spreadsheet.
///
/// What `CSVReader` reads back is what was written, to the byte.
package struct CSVWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    private let delimiter: UInt8

    package init(delimiter: UInt8 = UInt8(ascii: ",")) {
        self.delimiter = delimiter
    }

    package mutating func row(_ cells: some Sequence<String>) {
        var count = 0
        let start = bytes.count
        for cell in cells {
            if count > 0 { bytes.append(delimiter) }
            append(cell)
            count += 1
        }
        // A line with nothing on it would be a blank line and no row.
        if bytes.count == start, count > 0 { bytes.append(contentsOf: "\"\"".utf8) }
        bytes.append(contentsOf: "\r\n".utf8)
    }

    /// What was written so far, which is then forgotten: for writing on while bytes go out.
    package mutating func drain() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    private mutating func append(_ cell: String) {
        let isGuarded = FormulaGuard.isNeeded(cell.utf8)
        let needsQuotes =
            cell.utf8.contains { $0 == delimiter || $0 == 0x22 || $0 == 0x0a || $0 == 0x0d }
            || cell.utf8.first == 0x20 || cell.utf8.last == 0x20
        if needsQuotes { bytes.append(0x22) }
        if isGuarded { bytes.append(UInt8(ascii: "'")) }
        for byte in cell.utf8 {
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        if needsQuotes { bytes.append(0x22) }
    }
}
