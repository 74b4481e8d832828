import Vocabulary

/// Reads CSV (RFC 4180) record by record from bytes as they come, in bounded memory.
///
/// Feed it with `append` whenever `next` asks for input; the fields of a record are slices of its buffer,
/// valid until the next call. A record that cannot be read is refused alone: reading goes on behind it,
/// and behind the first line of one whose quote is never closed.
package final class CSVReader {
    package enum Step: Hashable, Sendable {
        case record
        /// The record is no record; what was expected instead.
        case refused(expected: String)
        /// More bytes, or `finish()`.
        case needsInput
        case end
    }

    struct Field {
        var start: Int
        var end: Int
        /// Holds doubled quotes.
        var isEscaped: Bool
    }

    let limits: ReadingLimits
    let stripsFormulaGuard: Bool
    var delimiter: UInt8
    private var delimiterIsKnown: Bool
    // Millions of rows go through here on one task; checking each access for overlap costs a third of the time.
    @exclusivity(unchecked) var window: ByteWindow
    @exclusivity(unchecked) var fields: [Field] = []
    /// The record's number in the file, as a spreadsheet counts rows: from 1, the header and blank lines included.
    package private(set) var row = 0
    /// The physical line on which the record begins, from 1.
    package private(set) var line = 1
    private var nextLine = 1
    private var isAtFileStart: Bool
    private var isSkipping = false

    package init(_ dialect: CSVDialect = CSVDialect(), limits: ReadingLimits = ReadingLimits()) {
        self.limits = limits
        stripsFormulaGuard = dialect.stripsFormulaGuard
        delimiter = dialect.delimiter ?? UInt8(ascii: ",")
        delimiterIsKnown = dialect.delimiter != nil
        isAtFileStart = true
        window = ByteWindow(capacity: 1 << 19)
    }

    /// A reader that goes on in the middle of a file, at the beginning of a record.
    package init(continuing header: CSVReader, at place: FilePlace) {
        limits = header.limits
        stripsFormulaGuard = header.stripsFormulaGuard
        delimiter = header.delimiter
        delimiterIsKnown = true
        isAtFileStart = false
        window = ByteWindow(capacity: 1 << 19, offset: place.byteOffset)
        row = place.rowsDone
        nextLine = place.linesDone + 1
    }

    /// Behind the last record: where another reader would go on.
    package var place: FilePlace { FilePlace(byteOffset: window.offset, rowsDone: row, linesDone: nextLine - 1) }

    package func append(_ chunk: UnsafeRawBufferPointer) { window.append(chunk) }
    package func finish() { window.finish() }

    package func next() -> Step {
        while true {
            if isAtFileStart, let step = openFile() { return step }
            if isSkipping, let step = skipLine() { return step }
            guard window.count > 0 else { return window.isFinished ? .end : .needsInput }
            let scan = scanRecord()
            switch scan.ending {
            case .incomplete where window.count > limits.recordBytes: return refuseTooLong(scan)
            case .incomplete: return .needsInput
            case .openQuote: return refuseFirstLine("a closing quotation mark")
            case .blank: take(scan)
            case .record where scan.end - window.start > limits.recordBytes:
                take(scan)
                return .refused(expected: tooLong)
            case .record:
                take(scan)
                if let complaint = scan.complaint { return .refused(expected: complaint) }
                return .record
            }
        }
    }

    private var tooLong: String { "a record of at most \(limits.recordBytes) bytes" }

    private func take(_ scan: Scan) {
        row += 1
        line = nextLine
        nextLine += scan.lines
        window.advance(to: scan.end)
    }

    private func refuseTooLong(_ scan: Scan) -> Step {
        // Inside quotes the record may never end; the line after its first one is the next that makes sense.
        if scan.isQuoted { return refuseFirstLine(tooLong + ", and a closing quotation mark") }
        row += 1
        line = nextLine
        isSkipping = true
        return .refused(expected: tooLong)
    }

    private func refuseFirstLine(_ expected: String) -> Step {
        row += 1
        line = nextLine
        isSkipping = true
        _ = skipLine()
        return .refused(expected: expected)
    }

    /// Forgets bytes up to the next line end.
    ///
    /// - Returns: nil when the line is behind us.
    private func skipLine() -> Step? {
        var position = window.start
        while position < window.end, window.base[position] != UInt8(ascii: "\n") { position += 1 }
        let found = position < window.end
        window.advance(to: found ? position + 1 : position)
        if found || window.isFinished {
            isSkipping = false
            nextLine += 1
            return nil
        }
        return .needsInput
    }

    /// Passes the byte order mark and settles the delimiter.
    private func openFile() -> Step? {
        guard window.isFinished || window.count >= 4096 else { return .needsInput }
        isAtFileStart = false
        let head = UnsafeBufferPointer(start: window.base + window.start, count: window.count)
        if head.starts(with: [0xff, 0xfe]) || head.starts(with: [0xfe, 0xff]) {
            window.advance(to: window.end)
            row = 1
            isSkipping = true
            return .refused(expected: "UTF-8 text; this file is UTF-16")
        }
        if head.starts(with: [0xef, 0xbb, 0xbf]) { window.advance(to: window.start + 3) }
        if !delimiterIsKnown {
            delimiterIsKnown = true
            let firstLine = UnsafeBufferPointer(start: window.base + window.start, count: window.count)
                .prefix { $0 != UInt8(ascii: "\n") }
            delimiter =
                CSVDialect.delimiters.max { left, right in
                    firstLine.count { $0 == left } < firstLine.count { $0 == right }
                        || (firstLine.count { $0 == left } == firstLine.count { $0 == right } && right == UInt8(ascii: ","))
                } ?? UInt8(ascii: ",")
        }
        return nil
    }
}

/// A place between two records of a file.
package struct FilePlace: Hashable, Codable, Sendable {
    package var byteOffset: Int
    /// Records before this place, the header included.
    package var rowsDone: Int
    package var linesDone: Int

    package init(byteOffset: Int, rowsDone: Int, linesDone: Int) {
        self.byteOffset = byteOffset
        self.rowsDone = rowsDone
        self.linesDone = linesDone
    }
}
