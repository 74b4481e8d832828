import Foundation
import Storage
import Synchronization
import Vocabulary

/// The right of one process to a database file: an exclusive lock on `<path>.lock` that the kernel
/// releases when the process ends, however it ends.
final class FileLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// - Throws: `storage.locked` when somebody holds it; `storage.unavailable` when the file cannot be made.
    init(for path: String) throws(Fault) {
        let name = path + ".lock"
        let file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            throw .storageUnavailable("\(name) cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let holder = writtenProcess(in: file).map { "process \($0)" } ?? "another process"
            close(file)
            throw .storageLocked("The database \(path) is open in \(holder): stop that first, or use another file.")
        }
        let process = Array("\(getpid())\n".utf8)
        _ = ftruncate(file, 0)
        _ = pwrite(file, process, process.count, 0)
        descriptor = Mutex(file)
    }

    deinit { release() }

    func release() {
        descriptor.withLock { descriptor in
            if let file = descriptor { close(file) }
            descriptor = nil
        }
    }
}

private func writtenProcess(in file: Int32) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(file, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
}
