import Foundation
import Gateway
import Glibc
import Hummingbird
import NIOCore
import Vocabulary

/// A file in which a body rests while it is read row by row, so that its size does not matter to the memory.
///
/// Whoever makes it removes it.
final class SpoolFile: Sendable {
    let path: String

    /// - Throws: `storage.full` when there is no room for it.
    init(folder: String, name: String) throws(Fault) {
        path = "\(folder)/plimsoll-import-\(name)"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SpoolFile.full(path) }
        Glibc.close(descriptor)
    }

    func remove() {
        unlink(path)
    }

    /// Takes a body as it comes in.
    ///
    /// - Throws: `gateway.bodyTooLarge` once it is longer than `limit`; `storage.full`.
    func take(_ body: RequestBody, limit: Int) async throws {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw SpoolFile.full(path) }
        defer { Glibc.close(descriptor) }
        var length = 0
        for try await buffer in body {
            length += buffer.readableBytes
            guard length <= limit else { throw Fault.bodyTooLarge(limit) }
            try buffer.withUnsafeReadableBytes { bytes in try append(bytes, to: descriptor) }
        }
    }

    /// Takes the elements of a list, one a line.
    func take(lines: [ArraySlice<UInt8>]) throws {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw SpoolFile.full(path) }
        defer { Glibc.close(descriptor) }
        for line in lines {
            // In JSON a line end stands between values only, never in one.
            let text = line.map { $0 == 0x0a || $0 == 0x0d ? 0x20 : $0 } + [0x0a]
            try text.withUnsafeBytes { bytes in try append(bytes, to: descriptor) }
        }
    }

    private func append(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) throws(Fault) {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SpoolFile.full(path) }
            written += count
        }
    }

    private static func full(_ path: String) -> Fault {
        Fault(.spoolUnusable, .retry(after: .seconds(5)), "\(path) cannot be written: \(String(cString: strerror(errno))).")
    }
}

extension Fault.Code {
    /// The folder in which imported files rest while they are read cannot be written.
    package static let spoolUnusable = Self("storage.spoolUnusable")
}
