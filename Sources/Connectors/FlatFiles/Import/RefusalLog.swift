import Vocabulary

/// Keeps count of refused rows, the first of them, and all of them in a file where one was asked for.
struct RefusalLog: ~Copyable {
    private(set) var count: Int
    private(set) var kept: [RefusedRow] = []
    private let limit: Int
    private let file: RefusedRowsFile?

    init(_ options: ImportOptions, from progress: ImportProgress) throws(Fault) {
        count = progress.refused
        limit = options.keptRefusals
        if let path = options.refusedPath {
            file = try RefusedRowsFile(path, keeping: progress.refusedBytes)
        } else {
            file = nil
        }
    }

    var byteCount: Int { file?.byteCount ?? 0 }

    mutating func add(_ row: RefusedRow, of source: some RowSource) throws(Fault) {
        count += 1
        if kept.count < limit { kept.append(row) }
        guard let file else { return }
        if file.byteCount == 0 { try file.write(source.refusedHeader) }
        try file.write(source.refusedLine(row))
    }
}
