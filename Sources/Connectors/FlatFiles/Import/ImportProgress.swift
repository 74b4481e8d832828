import CanonicalModel
import Vocabulary

/// How far an import has come: stored with each batch, it lets an interrupted import go on where it was.
///
/// Rows that were taken after the last stored progress come again; taking them again changes nothing,
/// since rows have natural keys.
package struct ImportProgress: Codable, Hashable, Sendable {
    package var place: FilePlace
    package var taken: Int
    package var refused: Int
    /// How long the file of refused rows was.
    package var refusedBytes: Int
    /// By these first bytes the file is recognised; another file begins anew.
    package let headLength: Int
    package let headDigest: Digest

    package init(place: FilePlace, taken: Int, refused: Int, refusedBytes: Int, headLength: Int, headDigest: Digest) {
        self.place = place
        self.taken = taken
        self.refused = refused
        self.refusedBytes = refusedBytes
        self.headLength = headLength
        self.headDigest = headDigest
    }

    /// The beginning of a file.
    init(of file: FileBytes) throws(Fault) {
        let length = min(file.size, 1 << 16)
        self.init(
            place: FilePlace(byteOffset: 0, rowsDone: 0, linesDone: 0), taken: 0, refused: 0, refusedBytes: 0, headLength: length,
            headDigest: try file.headDigest(length: length))
    }

    /// Whether `file` is still the file that this is the progress of: it may have grown at its end.
    func fits(_ file: FileBytes) throws(Fault) -> Bool {
        guard file.size >= place.byteOffset, file.size >= headLength else { return false }
        return try file.headDigest(length: headLength) == headDigest
    }
}

/// What became of a file's rows.
package struct ImportReport: Codable, Hashable, Sendable {
    /// Valid rows that were handed on.
    package var taken: Int
    package var refused: Int
    /// The first of the refused rows; all of them are in the file of refused rows, when one was asked for.
    package var refusals: [RefusedRow]
    /// Whether it went on from an earlier progress.
    package let isContinuation: Bool
    package var progress: ImportProgress
}

/// One row that was not taken, with everything that is wrong with it.
package struct RefusedRow: Codable, Hashable, Sendable {
    /// As a spreadsheet counts: from 1, the header included.
    package let row: Int
    /// The physical line on which it begins.
    package let line: Int
    package let violations: [Violation]
}

/// How a file is to be read.
package struct ImportOptions: Sendable {
    package enum Format: String, Codable, Sendable, CaseIterable { case csv, ndjson }

    /// nil goes by the file's name: `.ndjson` and `.jsonl` are JSON lines, everything else is CSV.
    package var format: Format?
    package var dialect: CSVDialect
    package var limits: ReadingLimits?
    /// The file's own header for a column, by column name, where they differ.
    package var renamed: [String: String]
    /// Turns the file's names into ours.
    package var names: Crosswalk
    package var batchSize: Int
    /// How many refused rows the report holds.
    package var keptRefusals: Int
    /// Where all refused rows are written, ready to be mended and imported; nil writes none.
    package var refusedPath: String?

    package init(
        format: Format? = nil, dialect: CSVDialect = CSVDialect(), limits: ReadingLimits? = nil, renamed: [String: String] = [:],
        names: Crosswalk = Crosswalk(), batchSize: Int = 5000, keptRefusals: Int = 1000, refusedPath: String? = nil
    ) {
        self.format = format
        self.dialect = dialect
        self.limits = limits
        self.renamed = renamed
        self.names = names
        self.batchSize = max(1, batchSize)
        self.keptRefusals = keptRefusals
        self.refusedPath = refusedPath
    }

    func format(of path: String) -> Format {
        if let format { return format }
        let name = path.lowercased()
        return name.hasSuffix(".ndjson") || name.hasSuffix(".jsonl") ? .ndjson : .csv
    }
}
