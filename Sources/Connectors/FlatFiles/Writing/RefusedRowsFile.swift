import Foundation
import Vocabulary

/// The rows of an import that were not taken, with the reasons: a file to mend and to import again.
final class RefusedRowsFile {
    private let handle: FileHandle
    private let path: String
    private(set) var byteCount: Int

    /// - Parameter keeping: how much of an existing file is kept; what was written after the stored progress comes again.
    /// - Throws: `input.invalid` when the file cannot be written.
    init(_ path: String, keeping: Int) throws(Fault) {
        self.path = path
        byteCount = keeping
        if keeping == 0, !FileManager.default.createFile(atPath: path, contents: nil) { throw RefusedRowsFile.unwritable(path) }
        guard let handle = FileHandle(forWritingAtPath: path) else { throw RefusedRowsFile.unwritable(path) }
        self.handle = handle
        do {
            try handle.truncate(atOffset: UInt64(keeping))
            try handle.seek(toOffset: UInt64(keeping))
        } catch {
            throw RefusedRowsFile.unwritable(path)
        }
    }

    func write(_ bytes: [UInt8]) throws(Fault) {
        do {
            try handle.write(contentsOf: Data(bytes))
        } catch {
            throw RefusedRowsFile.unwritable(path)
        }
        byteCount += bytes.count
    }

    private static func unwritable(_ path: String) -> Fault {
        .invalid("refusedPath", found: path, expected: "a file that can be written")
    }
}
