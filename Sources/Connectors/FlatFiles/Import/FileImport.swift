import CanonicalModel
import Vocabulary

/// Valid rows of a file in their order, and how far the file has been read when they are done.
package struct ImportBatch<Entity: Sendable>: Sendable {
    package let rows: [(row: Int, entity: Entity)]
    /// To be stored in the same transaction as the rows.
    package let progress: ImportProgress
}

/// Reads a file of one feed, checks every row, and hands on what is valid in batches.
///
/// One bad row is refused with all its reasons and the rest goes on. Memory is bounded by the batch.
package struct FileImport: Sendable {
    package let path: String
    package let options: ImportOptions

    package init(_ path: String, options: ImportOptions = ImportOptions()) {
        self.path = path
        self.options = options
    }

    /// - Parameters:
    ///   - progress: where an interrupted import of the same file stopped; of another file it is passed over.
    ///   - take: stores one batch. What it throws ends the import; everything before stays done.
    /// - Throws: `input.notFound` when there is no such file; `input.invalid` when its header does not fit.
    package func run<Entity>(
        _ mapping: RowMapping<Entity>, from progress: ImportProgress? = nil,
        take: (ImportBatch<Entity>) async throws(Fault) -> Void
    ) async throws(Fault) -> ImportReport {
        let file = try FileBytes(path)
        let (start, isContinuation) = try beginning(of: file, progress)
        var state = ImportState(progress: start, refusals: try RefusalLog(options, from: start))
        let source: any RowSource =
            switch options.format(of: path) {
            case .csv: try CSVRows(file, columns: mapping.columns, options: options, at: start.place)
            case .ndjson: try JSONRows(file, columns: mapping.columns, options: options, at: start.place)
            }
        var rows: [(row: Int, entity: Entity)] = []
        reading: while true {
            switch try source.next() {
            case .end: break reading
            case .refused(let row): try state.refusals.add(row, of: source)
            case .row(var values, let line):
                let entity = mapping.read(&values)
                if let entity, values.violations.isEmpty {
                    rows.append((values.row, entity))
                    guard rows.count == options.batchSize else { continue }
                    try await take(ImportBatch(rows: rows, progress: state.advance(by: rows.count, to: source.place)))
                    rows.removeAll(keepingCapacity: true)
                } else {
                    try state.refusals.add(RefusedRow(row: values.row, line: line, violations: values.violations), of: source)
                }
            }
        }
        // The last batch, though it may be empty, carries the end of the file.
        try await take(ImportBatch(rows: rows, progress: state.advance(by: rows.count, to: source.place)))
        return state.report(isContinuation)
    }

    /// Where to begin: at `progress` when it is this file's.
    func beginning(of file: FileBytes, _ progress: ImportProgress?) throws(Fault) -> (ImportProgress, isContinuation: Bool) {
        if let progress, progress.place.byteOffset > 0, try progress.fits(file) { return (progress, true) }
        return (try ImportProgress(of: file), false)
    }
}

/// What an import has come to so far.
struct ImportState: ~Copyable {
    private(set) var progress: ImportProgress
    var refusals: RefusalLog

    init(progress: ImportProgress, refusals: consuming RefusalLog) {
        self.progress = progress
        self.refusals = refusals
    }

    mutating func advance(by rows: Int, to place: FilePlace) -> ImportProgress {
        progress.place = place
        progress.taken += rows
        progress.refused = refusals.count
        progress.refusedBytes = refusals.byteCount
        return progress
    }

    func report(_ isContinuation: Bool) -> ImportReport {
        ImportReport(
            taken: progress.taken, refused: refusals.count, refusals: refusals.kept, isContinuation: isContinuation,
            progress: progress)
    }
}
