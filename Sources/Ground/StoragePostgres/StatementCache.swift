import Storage

/// What a parameter holds, which is its declared type: PostgreSQL then knows the type of `\(value) + 1` or
/// `\(value) IS NULL` where the text alone would not tell it.
enum ParameterKind: UInt32 {
    /// NULL in a place where no value has been seen yet: the server infers the type.
    case undetermined = 0
    case integer = 20
    case text = 25
    case real = 701

    init(_ value: SQLValue) {
        switch value {
        case .null: self = .undetermined
        case .integer: self = .integer
        case .real: self = .real
        case .text: self = .text
        }
    }
}

/// A statement that the server has parsed under a name.
struct PreparedName {
    let name: String
    let kinds: [ParameterKind]

    /// NULL fits every kind, so statements with optional values do not multiply.
    func fits(_ values: [SQLValue]) -> Bool {
        guard kinds.count == values.count else { return false }
        for (kind, value) in zip(kinds, values) {
            switch (value, kind) {
            case (.null, _), (.integer, .integer), (.real, .real), (.text, .text): continue
            default: return false
            }
        }
        return true
    }
}

/// The statements that one connection has prepared, the least recently used leaving first.
struct StatementCache {
    private struct Entry {
        var variants: [PreparedName]
        var lastUse: UInt64
    }

    private static let bound = 256
    private var entries: [String: Entry] = [:]
    private var uses: UInt64 = 0
    private var names: UInt64 = 0
    /// The names that the server may forget at the next opportunity.
    private(set) var dropped: [String] = []

    mutating func find(_ text: String, for values: [SQLValue]) -> PreparedName? {
        guard let found = entries[text]?.variants.first(where: { $0.fits(values) }) else { return nil }
        uses += 1
        entries[text]?.lastUse = uses
        return found
    }

    /// The kinds to prepare `text` with: where the value is NULL now, what an earlier one was.
    func kinds(_ text: String, for values: [SQLValue]) -> [ParameterKind] {
        let earlier = entries[text]?.variants.last?.kinds
        return values.enumerated().map { index, value in
            let kind = ParameterKind(value)
            guard kind == .undetermined, let earlier, index < earlier.count else { return kind }
            return earlier[index]
        }
    }

    mutating func nextName() -> String {
        names += 1
        return "plimsoll_\(names)"
    }

    mutating func insert(_ prepared: PreparedName, for text: String) {
        uses += 1
        entries[text, default: Entry(variants: [], lastUse: uses)].variants.append(prepared)
        entries[text]?.lastUse = uses
        guard entries.count > Self.bound, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
        dropped += oldest.value.variants.map(\.name)
        entries[oldest.key] = nil
    }

    mutating func forgetDropped() {
        dropped = []
    }

    mutating func forgetAll() {
        entries = [:]
        dropped = []
    }
}
