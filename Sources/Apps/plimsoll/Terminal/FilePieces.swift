import Foundation
import NIOCore

/// A file on its way to the server, piece by piece: its size does not matter to the memory.
struct FilePieces: AsyncSequence, Sendable {
    let path: String
    /// In bytes.
    let size: Int
    /// Tells on standard error how much has gone out.
    let isShown: Bool

    /// - Throws: `CommandFailure` when there is no such file that we may read.
    init(_ path: String, isShown: Bool) throws {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(path, R_OK) == 0 else {
            throw CommandFailure(message: "The file \(path) cannot be read.", code: .refused)
        }
        self.path = path
        size = Int(status.st_size)
        self.isShown = isShown
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(file: FileHandle(forReadingAtPath: path), size: size, isShown: isShown)
    }

    struct Iterator: AsyncIteratorProtocol {
        let file: FileHandle?
        let size: Int
        let isShown: Bool
        private var sent = 0

        init(file: FileHandle?, size: Int, isShown: Bool) {
            self.file = file
            self.size = size
            self.isShown = isShown
        }

        /// No more than the size that was announced, though the file may grow meanwhile.
        mutating func next() async throws -> ByteBuffer? {
            guard sent < size else { return nil }
            guard let piece = try file?.read(upToCount: Swift.min(1 << 18, size - sent)), !piece.isEmpty else {
                throw CommandFailure(message: "The file became shorter while it was sent.", code: .refused)
            }
            sent += piece.count
            if isShown {
                let end = sent == size ? ", waiting for the server\n" : ""
                FileHandle.standardError.write(Data("\r\(sent * 100 / Swift.max(size, 1)) % sent\(end)".utf8))
            }
            return ByteBuffer(bytes: piece)
        }
    }
}
