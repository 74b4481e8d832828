import Vocabulary

/// Somebody we buy from.
public struct Supplier: CanonicalEntity {
    public static let contract = Contract("supplier", version: 1)

    public let id: ID<Supplier>
    public var name: String
    /// The days on which it works; its lead times count days of the calendar year.
    public var calendar: WorkingCalendar
    /// Nothing is proposed to a blocked supplier.
    public var isBlocked: Bool

    public init(id: ID<Supplier>, name: String, calendar: WorkingCalendar = .everyDay, isBlocked: Bool = false) {
        self.id = id
        self.name = name
        self.calendar = calendar
        self.isBlocked = isBlocked
    }

    public func violations() -> [Violation] {
        var found: [Violation] = []
        found.requireIdentifier(id, "id")
        found.require(!name.isEmpty, "name", found: name, "a name that is not empty")
        return found
    }
}

extension Supplier {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            id: fields[.id], name: fields[.name], calendar: fields[.calendar, else: .everyDay],
            isBlocked: fields[.isBlocked, else: false])
    }
}

extension Supplier: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("calendar", calendar)
            json.add("id", id)
            json.add("isBlocked", isBlocked)
            json.add("name", name)
        }
    }
}
