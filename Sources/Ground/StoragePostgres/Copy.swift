import CLibPQ
import Storage

/// Sends rows through `COPY ... FROM STDIN`, 64 KiB at a time.
func copy(
    into table: String, columns: [String], over link: PostgresLink, fill: (inout [SQLValue]) throws -> Bool
) throws -> Int {
    let text = "COPY \(table) (\(columns.joined(separator: ", "))) FROM STDIN"
    let start = PostgresResult(PQexec(link.handle, text))
    guard start.status == PGRES_COPY_IN else { throw PostgresFailure(start, statement: text, isLost: link.isLost) }
    do {
        var buffer: [UInt8] = []
        var count = 0
        buffer.reserveCapacity(1 << 17)
        var row = [SQLValue](repeating: .null, count: columns.count)
        while try fill(&row) {
            count += 1
            try requireWidth(row, of: columns, number: count)
            for (index, value) in row.enumerated() { try value.requireStorable("row \(count), \(columns[index])") }
            append(row, to: &buffer)
            if buffer.count >= 1 << 16 { try send(&buffer, over: link) }
        }
        try send(&buffer, over: link)
    } catch {
        if !link.isLost {
            PQputCopyEnd(link.handle, "broken off by the client")
            while let rest = PQgetResult(link.handle) { PQclear(rest) }
        }
        throw error
    }
    guard PQputCopyEnd(link.handle, nil) == 1 else { throw PostgresFailure(lost: link.connectionMessage) }
    let result = PostgresResult(PQgetResult(link.handle))
    let isLost = link.isLost
    if !isLost {
        while let rest = PQgetResult(link.handle) { PQclear(rest) }
    }
    guard result.isSuccess else {
        throw PostgresFailure(result, statement: text, place: place(in: result), isLost: isLost)
    }
    return result.changes
}

private func send(_ buffer: inout [UInt8], over link: PostgresLink) throws(PostgresFailure) {
    let code = buffer.withUnsafeBytes { bytes in
        PQputCopyData(link.handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
    }
    guard code == 1 else { throw PostgresFailure(lost: link.connectionMessage) }
    buffer.removeAll(keepingCapacity: true)
}

private func append(_ row: [SQLValue], to buffer: inout [UInt8]) {
    for (index, value) in row.enumerated() {
        if index > 0 { buffer.append(UInt8(ascii: "\t")) }
        switch value {
        case .null: buffer.append(contentsOf: #"\N"#.utf8)
        case .integer(let integer): appendDigits(integer, to: &buffer)
        case .real(let real): buffer.append(contentsOf: real.description.utf8)
        case .text(let text): appendEscaped(text, to: &buffer)
        }
    }
    buffer.append(UInt8(ascii: "\n"))
}

/// The digits of an integer: `description` costs more than the rest of its row.
private func appendDigits(_ integer: Int64, to buffer: inout [UInt8]) {
    if integer < 0 { buffer.append(UInt8(ascii: "-")) }
    let start = buffer.count
    var rest = integer.magnitude
    repeat {
        buffer.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
        rest /= 10
    } while rest > 0
    var (left, right) = (start, buffer.count - 1)
    while left < right {
        buffer.swapAt(left, right)
        left += 1
        right -= 1
    }
}

/// Copies what needs no escape in runs: nearly all text is one.
private func appendEscaped(_ text: String, to buffer: inout [UInt8]) {
    var text = text
    text.withUTF8 { bytes in
        var start = 0
        for index in bytes.indices {
            let letter: UInt8
            switch bytes[index] {
            case UInt8(ascii: "\\"): letter = UInt8(ascii: "\\")
            case UInt8(ascii: "\t"): letter = UInt8(ascii: "t")
            case UInt8(ascii: "\n"): letter = UInt8(ascii: "n")
            case UInt8(ascii: "\r"): letter = UInt8(ascii: "r")
            default: continue
            }
            buffer.append(contentsOf: bytes[start..<index])
            buffer.append(UInt8(ascii: "\\"))
            buffer.append(letter)
            start = index + 1
        }
        buffer.append(contentsOf: bytes[start...])
    }
}

/// The row that the server stumbled over: "COPY item, line 17, column name: ..." holds its number, and the value,
/// which stays out of the message.
private func place(in result: PostgresResult) -> String? {
    guard let context = result.field(.context), let word = context.firstRange(of: "line ") else { return nil }
    let number = context[word.upperBound...].prefix { $0.isASCII && $0.isNumber }
    return number.isEmpty ? nil : "row \(number) of the load"
}
