import CZlib

/// A file read line by line or written piece by piece, compressed or not: gzip is recognised by its first bytes when reading
/// and asked for by the ending `.gz` when writing.
final class GzipFile {
    private let handle: gzFile
    private let path: String
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var start = 0
    private var end = 0

    /// - Throws: `WorkbenchError.file` when the file cannot be opened.
    init(reading path: String) throws(WorkbenchError) {
        guard let handle = gzopen(path, "rb") else { throw .file(path, "cannot be read") }
        self.handle = handle
        self.path = path
    }

    /// - Throws: `WorkbenchError.file` when the file cannot be made.
    init(writing path: String) throws(WorkbenchError) {
        guard let handle = gzopen(path, path.hasSuffix(".gz") ? "wb6" : "wbT") else { throw .file(path, "cannot be written") }
        self.handle = handle
        self.path = path
    }

    deinit { gzclose(handle) }

    /// Puts the next line, without its end, into `line`; false at the end of the file.
    func next(into line: inout [UInt8]) throws(WorkbenchError) -> Bool {
        line.removeAll(keepingCapacity: true)
        while true {
            if start == end {
                let count = buffer.withUnsafeMutableBytes { gzread(handle, $0.baseAddress, UInt32($0.count)) }
                guard count >= 0 else { throw .file(path, "is damaged: it cannot be decompressed") }
                if count == 0 { return !line.isEmpty }
                (start, end) = (0, Int(count))
            }
            if let stop = buffer[start..<end].firstIndex(of: UInt8(ascii: "\n")) {
                line += buffer[start..<stop]
                start = stop + 1
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                return true
            }
            line += buffer[start..<end]
            start = end
        }
    }

    func write(_ text: [UInt8]) throws(WorkbenchError) {
        guard !text.isEmpty else { return }
        let count = text.withUnsafeBytes { gzwrite(handle, $0.baseAddress, UInt32($0.count)) }
        guard Int(count) == text.count else { throw .file(path, "cannot be written to the end; is the disk full?") }
    }
}

/// Why a file did not become a forecast.
public enum WorkbenchError: Error, Sendable, Hashable, CustomStringConvertible {
    case file(String, String)
    case option(name: String, found: String, expected: String)

    public var description: String {
        switch self {
        case .file(let path, let reason): "The file \(path) \(reason)."
        case .option(let name, let found, let expected): "\(name) is \(found); expected \(expected)."
        }
    }
}
