import Vocabulary

// How each type of the vocabulary is stored; DESIGN: one SQL, two databases.

extension Int64: SQLRepresentable {
    package var sqlValue: SQLValue { .integer(self) }
    package init(_ columns: any RowReader, at index: Int) throws {
        try Self.refuseNull(columns, at: index)
        self = try columns.integer(at: index)
    }
}

extension Int: SQLRepresentable {
    package var sqlValue: SQLValue { .integer(Int64(self)) }
    package init(_ columns: any RowReader, at index: Int) throws { self = Int(try Int64(columns, at: index)) }
}

/// Booleans are SMALLINT 0 and 1.
extension Bool: SQLRepresentable {
    package var sqlValue: SQLValue { .integer(self ? 1 : 0) }
    package init(_ columns: any RowReader, at index: Int) throws { self = try Int64(columns, at: index) != 0 }
}

extension Double: SQLRepresentable {
    package var sqlValue: SQLValue { .real(self) }
    package init(_ columns: any RowReader, at index: Int) throws {
        try Self.refuseNull(columns, at: index)
        self = try columns.real(at: index)
    }
}

extension String: SQLRepresentable {
    package var sqlValue: SQLValue { .text(self) }
    package init(_ columns: any RowReader, at index: Int) throws {
        try Self.refuseNull(columns, at: index)
        self = try columns.text(at: index)
    }
}

extension ID: SQLRepresentable {
    package var sqlValue: SQLValue { .text(rawValue) }
    package init(_ columns: any RowReader, at index: Int) throws {
        self.init(rawValue: try String(columns, at: index))
    }
}

/// Quantities are BIGINT millionths.
extension Quantity: SQLRepresentable {
    package var sqlValue: SQLValue { .integer(scaled) }
    package init(_ columns: any RowReader, at index: Int) throws { self.init(scaled: try Int64(columns, at: index)) }
}

/// Money is BIGINT millionths.
extension Money: SQLRepresentable {
    package var sqlValue: SQLValue { .integer(scaled) }
    package init(_ columns: any RowReader, at index: Int) throws { self.init(scaled: try Int64(columns, at: index)) }
}

/// Instants are BIGINT microseconds of UTC.
extension Instant: SQLRepresentable {
    package var sqlValue: SQLValue { .integer(microseconds) }
    package init(_ columns: any RowReader, at index: Int) throws {
        self.init(microseconds: try Int64(columns, at: index))
    }
}

/// Business dates are TEXT `YYYY-MM-DD`.
extension BusinessDate: SQLRepresentable {
    package var sqlValue: SQLValue { .text(description) }
    package init(_ columns: any RowReader, at index: Int) throws {
        let text = try String(columns, at: index)
        guard let date = BusinessDate(text: text) else { throw Fault.unreadableColumn(index, text, "a date") }
        self = date
    }
}

extension UnitCode: SQLRepresentable {
    package var sqlValue: SQLValue { .text(rawValue) }
    package init(_ columns: any RowReader, at index: Int) throws { self.init(rawValue: try String(columns, at: index)) }
}

extension CurrencyCode: SQLRepresentable {
    package var sqlValue: SQLValue { .text(rawValue) }
    package init(_ columns: any RowReader, at index: Int) throws { self.init(rawValue: try String(columns, at: index)) }
}

extension Digest: SQLRepresentable {
    package var sqlValue: SQLValue { .text(rawValue) }
    package init(_ columns: any RowReader, at index: Int) throws { self.init(rawValue: try String(columns, at: index)) }
}

extension TimeZoneName: SQLRepresentable {
    package var sqlValue: SQLValue { .text(identifier) }
    package init(_ columns: any RowReader, at index: Int) throws {
        try self.init(checking: try String(columns, at: index), field: "timeZone")
    }
}

extension Optional: SQLRepresentable where Wrapped: SQLRepresentable {
    package var sqlValue: SQLValue { self?.sqlValue ?? .null }
    package init(_ columns: any RowReader, at index: Int) throws {
        self = columns.isNull(at: index) ? nil : try Wrapped(columns, at: index)
    }
}

/// An enum of ours is stored as its raw text.
extension SQLRepresentable where Self: RawRepresentable, RawValue == String {
    package var sqlValue: SQLValue { .text(rawValue) }
    package init(_ columns: any RowReader, at index: Int) throws {
        let text = try String(columns, at: index)
        guard let value = Self(rawValue: text) else { throw Fault.unreadableColumn(index, text, "a \(Self.self)") }
        self = value
    }
}
