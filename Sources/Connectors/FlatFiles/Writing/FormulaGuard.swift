/// Keeps spreadsheets from running text as formulas when a person opens an exported file.
///
/// A cell that begins with `=`, `+`, `-`, `@`, a tab, CR or LF, perhaps behind apostrophes, gets an apostrophe put before it
/// unless it is a plain number. Reading takes exactly one away again from such cells, so that every text
/// comes back as it was. Source: OWASP, "CSV Injection".
enum FormulaGuard {
    /// Whether `cell` has to be guarded, and, with its first apostrophe taken off, whether it was.
    static func isNeeded(_ cell: some Collection<UInt8>) -> Bool {
        var rest = cell[...]
        while rest.first == UInt8(ascii: "'") { rest = rest.dropFirst() }
        guard let first = rest.first, triggers.contains(first) else { return false }
        return rest.count != cell.count || !isPlainNumber(cell)
    }

    private static let triggers = Array("=+-@\t\r\n".utf8)

    /// An optional sign, digits, and decimals perhaps.
    private static func isPlainNumber(_ cell: some Collection<UInt8>) -> Bool {
        var rest = cell[...]
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let parts = rest.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return (1...2).contains(parts.count)
            && parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            }
    }
}
