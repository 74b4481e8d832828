import Foundation
import Glibc
import Vocabulary

/// A file that is read piece by piece, so that its size does not matter.
package final class FileBytes {
    package let path: String
    /// In bytes, when it was opened.
    package let size: Int
    package let modifiedAt: Instant
    private let descriptor: CInt
    private let chunk: UnsafeMutableRawBufferPointer

    /// - Throws: `input.notFound` when there is no such file that we may read.
    package init(_ path: String, chunkSize: Int = 1 << 18) throws(Fault) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.path = path
        guard descriptor >= 0 else {
            throw Fault(.notFound, .reject, "\(path) cannot be read: \(String(cString: strerror(errno))).")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            close(descriptor)
            throw Fault(.notFound, .reject, "\(path) is not a file.")
        }
        size = Int(status.st_size)
        modifiedAt = Instant(microseconds: Int64(status.st_mtim.tv_sec) * 1_000_000 + Int64(status.st_mtim.tv_nsec) / 1000)
        chunk = .allocate(byteCount: chunkSize, alignment: 16)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        chunk.deallocate()
    }

    package func seek(to offset: Int) throws(Fault) {
        guard lseek(descriptor, off_t(offset), SEEK_SET) == off_t(offset) else { throw unreadable }
    }

    /// The next piece; empty at the end. Valid until the next call.
    package func next() throws(Fault) -> UnsafeRawBufferPointer {
        while true {
            let count = read(descriptor, chunk.baseAddress, chunk.count)
            if count >= 0 { return UnsafeRawBufferPointer(rebasing: chunk[..<count]) }
            guard errno == EINTR else { throw unreadable }
        }
    }

    /// The digest of the first `length` bytes, by which the file is recognised after an interruption.
    package func headDigest(length: Int) throws(Fault) -> Digest {
        try seek(to: 0)
        var head: [UInt8] = []
        while head.count < length {
            let piece = try next()
            if piece.isEmpty { break }
            head.append(contentsOf: piece.prefix(length - head.count))
        }
        return Digest(of: head)
    }

    private var unreadable: Fault {
        Fault(.notFound, .retry(), "\(path) cannot be read any further: \(String(cString: strerror(errno))).")
    }
}
