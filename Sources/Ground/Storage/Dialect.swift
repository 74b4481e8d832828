/// Everything that the two databases spell differently, in one place.
///
/// The list is kept short on purpose: instants are integers of microseconds, quantities are scaled
/// integers and identifiers are text, so most statements need no term at all. At most eight.
package struct Dialect: Sendable {
    package enum Term: Sendable, CaseIterable {
        /// The column type of text that is compared byte by byte: identifiers, dates, enum values.
        case key
        /// The clause that locks the rows it read until the transaction ends.
        case forUpdate
        /// The clause that lets several workers claim rows without waiting on each other.
        case skipLocked
        /// The database's own clock, in microseconds of UTC.
        case now
        /// The clause behind a table whose rows are to be kept in the order of its primary key.
        case clustered
        /// An expression that waits until no other transaction holds the schema, and holds it until its own ends.
        case schemaLock
    }

    package enum Name: String, Sendable { case sqlite, postgres }

    package let name: Name
    /// Whether only one process can have the database open, so that whatever else is found at work has ended.
    package let isExclusive: Bool
    let placeholder: @Sendable (_ position: Int) -> String
    let spelling: @Sendable (Term) -> String

    package static let sqlite = sqlite(
        now: "CAST((julianday('now') - 2440587.5) * 86400000000.0 AS INTEGER)", isExclusive: true)

    /// - Parameter now: an expression for the time, in microseconds of UTC.
    package static func sqlite(now: String, isExclusive: Bool) -> Dialect {
        Dialect(name: .sqlite, isExclusive: isExclusive) { _ in
            "?"
        } spelling: { term in
            switch term {
            case .key: "TEXT"
            case .forUpdate, .skipLocked: ""  // One writer at a time: nothing to lock or skip.
            case .now: now
            case .clustered: "WITHOUT ROWID"
            case .schemaLock: "''"  // One writer at a time holds it already.
            }
        }
    }

    package static let postgres = Dialect(name: .postgres, isExclusive: false) { position in
        "$\(position)"
    } spelling: { term in
        switch term {
        case .key: "TEXT COLLATE \"C\""
        case .forUpdate: "FOR UPDATE"
        case .skipLocked: "FOR UPDATE SKIP LOCKED"
        case .now: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"
        case .clustered: ""  // It has heaps only.
        case .schemaLock: "CAST(pg_advisory_xact_lock(5779113926504161) AS TEXT)"
        }
    }

    init(
        name: Name, isExclusive: Bool,
        placeholder: @escaping @Sendable (Int) -> String,
        spelling: @escaping @Sendable (Term) -> String
    ) {
        self.name = name
        self.isExclusive = isExclusive
        self.placeholder = placeholder
        self.spelling = spelling
    }
}
