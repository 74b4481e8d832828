extension Dialect {
    /// `column` is to be one of `texts`; the list travels as one text, which the database takes apart.
    func anyOf(_ texts: [String], _ place: (SQLValue) -> String) -> String {
        switch name {
        // As a table it is taken apart once; as `= ANY(…)` it would be for every row that is compared.
        case .postgres: "IN (SELECT unnest(CAST(\(place(.text(arrayLiteral(texts)))) AS TEXT[])))"
        case .sqlite: "IN (SELECT value FROM json_each(\(place(.text(jsonArray(texts))))))"
        }
    }

    /// A query that answers `rows`.
    ///
    /// - Precondition: `rows` is not empty, and all are of one width.
    func rows(_ rows: [[String]], _ place: (SQLValue) -> String) -> String {
        let width = rows.first?.count ?? 0
        precondition(width > 0 && rows.allSatisfy { $0.count == width }, "rows in SQL are of one width")
        switch name {
        case .postgres:
            let columns = (0..<width).map { column in
                "CAST(\(place(.text(arrayLiteral(rows.map { $0[column] })))) AS TEXT[])"
            }
            return "SELECT * FROM unnest(\(columns.joined(separator: ", ")))"
        case .sqlite:
            let columns = (0..<width).map { "json_extract(value, '$[\($0)]')" }.joined(separator: ", ")
            let list = "[" + rows.map(jsonArray).joined(separator: ",") + "]"
            return "SELECT \(columns) FROM json_each(\(place(.text(list))))"
        }
    }
}

extension SQL {
    /// A list of values as one parameter of PostgreSQL's.
    static func list(_ values: [SQLValue]) -> SQL {
        let literal = SQLValue.text(arrayLiteral(values))
        return switch values.first(where: { $0 != .null }) {
        case .integer: "CAST(\(literal) AS BIGINT[])"
        case .real: "CAST(\(literal) AS DOUBLE PRECISION[])"
        case .text, .null, nil: "CAST(\(literal) AS TEXT[])"
        }
    }
}

private func arrayLiteral(_ values: [SQLValue]) -> String {
    let elements = values.map { value in
        switch value {
        case .null: "NULL"
        case .integer(let integer): String(integer)
        case .real(let real): String(real)
        case .text(let text): String(arrayLiteral([text]).dropFirst().dropLast())
        }
    }
    return "{" + elements.joined(separator: ",") + "}"
}

/// `{"a","b\"c"}`: an array as PostgreSQL reads one.
private func arrayLiteral(_ texts: [String]) -> String {
    quoted(texts, open: "{", close: "}") { byte in
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") ? [UInt8(ascii: "\\"), byte] : nil
    }
}

private func jsonArray(_ texts: [String]) -> String {
    quoted(texts, open: "[", close: "]") { byte in
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
        case 0..<0x20: Array("\\u00".utf8) + Array((byte < 16 ? "0" : "").utf8) + Array(String(byte, radix: 16).utf8)
        default: nil
        }
    }
}

private func quoted(
    _ texts: [String], open: Unicode.Scalar, close: Unicode.Scalar, escaping: (UInt8) -> [UInt8]?
) -> String {
    var bytes: [UInt8] = [UInt8(ascii: open)]
    for (index, text) in texts.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if let escaped = escaping(byte) { bytes.append(contentsOf: escaped) } else { bytes.append(byte) }
        }
        bytes.append(UInt8(ascii: "\""))
    }
    bytes.append(UInt8(ascii: close))
    return String(decoding: bytes, as: UTF8.self)
}
