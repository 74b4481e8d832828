extension CSVReader {
    struct Scan {
        enum Ending { case record, blank, incomplete, openQuote }

        var ending: Ending
        /// Behind the record and its line end.
        var end: Int
        /// Line ends within it, its own included.
        var lines: Int
        /// The bytes ran out, or the record ended, inside quotes.
        var isQuoted = false
        var complaint: String?
    }

    /// Finds the fields and the end of the record at the window's start.
    ///
    /// A quotation mark counts only where a field begins; elsewhere it is a letter like any other.
    func scanRecord() -> Scan {
        let base = window.base
        let end = window.end
        let delimiter = delimiter
        var position = window.start
        var lines = 0
        var columns = 0
        var complaint: String?
        fields.removeAll(keepingCapacity: true)
        while true {
            let field: Field
            if position < end, base[position] == UInt8(ascii: "\"") {
                guard let quoted = scanQuoted(from: position, lines: &lines, complaint: &complaint) else {
                    return Scan(ending: window.isFinished ? .openQuote : .incomplete, end: end, lines: lines, isQuoted: true)
                }
                (field, position) = quoted
            } else {
                let start = position
                while position < end, base[position] != delimiter, base[position] != UInt8(ascii: "\n") { position += 1 }
                field = Field(start: start, end: position, isEscaped: false)
            }
            columns += 1
            if columns <= limits.columns { fields.append(field) }
            if position == end {
                guard window.isFinished else { return Scan(ending: .incomplete, end: end, lines: lines) }
                break
            }
            position += 1
            if base[position - 1] == UInt8(ascii: "\n") { break }
        }
        if columns > limits.columns { complaint = "at most \(limits.columns) columns (it has \(columns))" }
        trimCarriageReturn()
        let isBlank = columns == 1 && fields[0].start == fields[0].end && base[window.start] != UInt8(ascii: "\"")
        return Scan(ending: isBlank ? .blank : .record, end: position, lines: lines + 1, complaint: complaint)
    }

    /// The field whose opening quotation mark is at `opening`, and the position of the delimiter or line end behind it.
    ///
    /// - Returns: nil when the bytes end before that is settled.
    private func scanQuoted(from opening: Int, lines: inout Int, complaint: inout String?) -> (Field, Int)? {
        let base = window.base
        let end = window.end
        var position = opening + 1
        var isEscaped = false
        while true {
            while position < end, base[position] != UInt8(ascii: "\"") {
                if base[position] == UInt8(ascii: "\n") { lines += 1 }
                position += 1
            }
            guard position < end else { return nil }
            guard position + 1 < end else {
                guard window.isFinished else { return nil }
                break
            }
            guard base[position + 1] == UInt8(ascii: "\"") else { break }
            isEscaped = true
            position += 2
        }
        let field = Field(start: opening + 1, end: position, isEscaped: isEscaped)
        position += 1
        let closing = position
        while position < end, base[position] != delimiter, base[position] != UInt8(ascii: "\n") { position += 1 }
        guard position < end || window.isFinished else { return nil }
        let rest = position - closing
        let isOnlyReturn = rest == 1 && base[closing] == UInt8(ascii: "\r") && (position == end || base[position] != delimiter)
        if rest > 0, !isOnlyReturn { complaint = "a delimiter or the end of the line behind a closing quotation mark" }
        return (field, position)
    }

    /// Takes the CR of a CRLF off the last field; a quoted field ends before it anyway.
    private func trimCarriageReturn() {
        guard var last = fields.last, last.end > last.start, window.base[last.end - 1] == UInt8(ascii: "\r") else { return }
        let isQuoted = last.start > window.start && window.base[last.start - 1] == UInt8(ascii: "\"")
        guard !isQuoted else { return }
        last.end -= 1
        fields[fields.count - 1] = last
    }
}
