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
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .term(let term): text += dialect.spelling(term)
            case .value(let value):
                values.append(value)
                text += dialect.placeholder(values.count)
            }
        }
        return (text, values)
    }

    /// The values alone, for the second and later elements of a batch.
    package var values: [SQLValue] {
        parts.compactMap { part in
            if case .value(let value) = part { value } else { nil }
        }
    }
}

/// Whether a name may stand in SQL without quotes in both databases.
package func isPlainIdentifier(_ name: String) -> Bool {
    !name.isEmpty
        && name.utf8.allSatisfy { byte in
            (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte == 0x5f
        }
}
