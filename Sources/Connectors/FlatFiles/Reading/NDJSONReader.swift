import Vocabulary

/// Reads JSON lines from bytes as they come: one value a line, each line within a limit.
package final class NDJSONReader {
    package enum Step: Hashable, Sendable {
        case line
        case refused(expected: String)
        case needsInput
        case end
    }

    private let limits: ReadingLimits
    private var window: ByteWindow
    /// The line's number in the file, from 1, blank lines included.
    package private(set) var row: Int
    private var isSkipping = false
    private var isAtFileStart: Bool
    private var current = 0..<0

    package init(limits: ReadingLimits = ReadingLimits(recordBytes: 1 << 20), at place: FilePlace? = nil) {
        self.limits = limits
        window = ByteWindow(capacity: 1 << 19, offset: place?.byteOffset ?? 0)
        row = place?.rowsDone ?? 0
        isAtFileStart = place == nil
    }

    package var place: FilePlace { FilePlace(byteOffset: window.offset, rowsDone: row, linesDone: row) }

    package func append(_ chunk: UnsafeRawBufferPointer) { window.append(chunk) }
    package func finish() { window.finish() }

    /// The line without its end, valid until the next call.
    package var line: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: window.base + current.lowerBound, count: current.count)
    }

    package func next() -> Step {
        while true {
            if isAtFileStart {
                guard window.isFinished || window.count >= 3 else { return .needsInput }
                isAtFileStart = false
                let head = UnsafeBufferPointer(start: window.base + window.start, count: window.count)
                if head.starts(with: [0xef, 0xbb, 0xbf]) { window.advance(to: window.start + 3) }
            }
            var end = window.start
            while end < window.end, window.base[end] != UInt8(ascii: "\n") { end += 1 }
            let isWhole = end < window.end || window.isFinished
            if isSkipping {
                isSkipping = !isWhole
                window.advance(to: min(end + 1, window.end))
                if !isWhole { return .needsInput }
                continue
            }
            guard window.count > 0 else { return window.isFinished ? .end : .needsInput }
            if end - window.start > limits.recordBytes {
                row += 1
                isSkipping = true
                return .refused(expected: "a line of at most \(limits.recordBytes) bytes")
            }
            guard isWhole else { return .needsInput }
            row += 1
            current = window.start..<end
            window.advance(to: min(end + 1, window.end))
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { continue }
            return .line
        }
    }
}
