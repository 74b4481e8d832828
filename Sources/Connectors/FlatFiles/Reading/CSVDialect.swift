/// How a CSV file is written; RFC 4180 leaves less open than programs take.
package struct CSVDialect: Hashable, Sendable {
    /// Between fields: `,`, `;` or a tab; nil takes the one that the header has most of.
    package var delimiter: UInt8?
    /// Takes away the `'` that `CSVWriter` puts before cells that a spreadsheet would run as formulas.
    package var stripsFormulaGuard: Bool

    package init(delimiter: UInt8? = nil, stripsFormulaGuard: Bool = true) {
        self.delimiter = delimiter
        self.stripsFormulaGuard = stripsFormulaGuard
    }

    static let delimiters = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
}

/// What a reader will not go beyond, whatever a file holds.
package struct ReadingLimits: Hashable, Sendable {
    /// Bytes of one record, quotes and line ends included.
    package var recordBytes: Int
    package var columns: Int

    package init(recordBytes: Int = 1 << 16, columns: Int = 1000) {
        self.recordBytes = recordBytes
        self.columns = columns
    }
}
