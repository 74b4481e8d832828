import Vocabulary

/// SQL text with its values kept apart, written once for every database.
///
/// Interpolated values become bound parameters; there is no way to splice a string into the text by
/// accident. What the dialects spell differently is a `Dialect.Term`.
package struct SQL: ExpressibleByStringInterpolation, Sendable {
    enum Part: Sendable {
        case text(String)
        case value(SQLValue)
        case term(Dialect.Term)
        /// Texts, of which a column is to be one.
        case anyOf([String])
        /// Rows of texts, all of one width.
        case rows([[String]])
    }

    var parts: [Part]

    package init(stringLiteral text: String) {
        parts = [.text(text)]
    }

    package init(stringInterpolation interpolation: StringInterpolation) {
        parts = interpolation.parts
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        var parts: [Part] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            parts.reserveCapacity(2 * interpolationCount + 1)
        }

        package mutating func appendLiteral(_ text: String) {
            parts.append(.text(text))
        }

        /// A bound value.
        package mutating func appendInterpolation(_ value: some SQLRepresentable) {
            parts.append(.value(value.sqlValue))
        }

        /// A bound value, or NULL.
        package mutating func appendInterpolation<Value: SQLRepresentable>(_ value: Value?) {
            parts.append(.value(value?.sqlValue ?? .null))
        }

        /// A bound value that is already in the form of the database.
        package mutating func appendInterpolation(_ value: SQLValue) {
            parts.append(.value(value))
        }

        /// The bound values of a list, with commas between: `IN (\(list: ids))`. An empty list becomes NULL.
        package mutating func appendInterpolation(list values: some Sequence<some SQLRepresentable>) {
            var isFirst = true
            for value in values {
                if !isFirst { parts.append(.text(", ")) }
                parts.append(.value(value.sqlValue))
                isFirst = false
            }
            if isFirst { parts.append(.text("NULL")) }
        }

        /// Whether a column of text is one of many, in one parameter: `item \(anyOf: items)`.
        ///
        /// The statement has the same text however long the list is, so it is prepared once.
        package mutating func appendInterpolation(anyOf values: some Sequence<some SQLRepresentable>) {
            parts.append(.anyOf(values.map { text(of: $0.sqlValue) }))
        }

        /// A table of rows of text, in one or few parameters: `WITH wanted (item, location) AS (\(rows: pairs))`.
        package mutating func appendInterpolation(rows: [[SQLValue]]) {
            parts.append(.rows(rows.map { row in row.map { text(of: $0) } }))
        }

        package mutating func appendInterpolation(_ term: Dialect.Term) {
            parts.append(.term(term))
        }

        /// Another piece of SQL, such as an optional condition.
        package mutating func appendInterpolation(_ sql: SQL) {
            parts.append(contentsOf: sql.parts)
        }

        /// A table or column whose name our own code computed.
        ///
        /// - Precondition: lower-case letters, digits and underscores only; nothing from outside ever comes here.
        package mutating func appendInterpolation(identifier: String) {
            precondition(isPlainIdentifier(identifier), "not a plain SQL identifier: \(identifier)")
            parts.append(.text(identifier))
        }
    }

    package static func + (left: SQL, right: SQL) -> SQL {
        var joined = left
        joined.parts.append(contentsOf: right.parts)
        return joined
    }

    /// The pieces with `separator` between them.
    package static func joined(_ pieces: [SQL], separator: String) -> SQL {
        var joined: SQL = ""
        for (index, piece) in pieces.enumerated() {
            if index > 0 { joined.parts.append(.text(separator)) }
            joined.parts.append(contentsOf: piece.parts)
        }
        return joined
    }

    /// The statement as one database wants it, and its values in order.
    package func rendered(for dialect: Dialect) -> (text: String, values: [SQLValue]) {
        var text = ""
        var values: [SQLValue] = []
        func place(_ value: SQLValue) -> String {
            values.append(value)
            return dialect.placeholder(values.count)
        }
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .term(let term): text += dialect.spelling(term)
            case .value(let value): text += place(value)
            case .anyOf(let texts): text += dialect.anyOf(texts, place)
            case .rows(let rows): text += dialect.rows(rows, place)
            }
        }
        return (text, values)
    }

    /// The values alone, for the second and later elements of a batch.
    package func values(for dialect: Dialect) -> [SQLValue] {
        var values: [SQLValue] = []
        values.reserveCapacity(parts.count / 2 + 1)
        for part in parts {
            switch part {
            case .text, .term: continue
            case .value(let value): values.append(value)
            case .anyOf, .rows: return rendered(for: dialect).values
            }
        }
        return values
    }
}

/// Whether a name may stand in SQL without quotes in both databases.
package func isPlainIdentifier(_ name: String) -> Bool {
    !name.isEmpty
        && name.utf8.allSatisfy { byte in
            (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte == 0x5f
        }
}

/// A value as an element of a list of text.
private func text(of value: SQLValue) -> String {
    switch value {
    case .text(let text): text
    case .integer(let integer): String(integer)
    case .real(let real): String(real)
    case .null: ""
    }
}
