import Vocabulary

/// A place that holds stock: a distribution centre, a warehouse or a store.
public struct Location: CanonicalEntity {
    public static let contract = Contract("location", version: 1)

    public let id: ID<Location>
    public var name: String
    public var kind: LocationKind
    /// Service levels and decision rules are looked at by region.
    public var region: String
    /// Business dates of this location are days in this zone.
    public var timeZone: TimeZoneName
    /// The days on which it receives and ships.
    public var calendar: WorkingCalendar
    /// How much space there is, in the unit that `Item.space` counts; nil when it is not limited.
    public var capacity: Quantity?
    /// The system that actions for this location are sent to; nil when none may be sent.
    public var system: ID<ExternalSystem>?
    public var isActive: Bool

    public init(
        id: ID<Location>, name: String, kind: LocationKind = .warehouse, region: String = "default",
        timeZone: TimeZoneName = .utc, calendar: WorkingCalendar = .everyDay, capacity: Quantity? = nil,
        system: ID<ExternalSystem>? = nil, isActive: Bool = true
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.region = region
        self.timeZone = timeZone
        self.calendar = calendar
        self.capacity = capacity
        self.system = system
        self.isActive = isActive
    }

    public func violations() -> [Violation] {
        var found: [Violation] = []
        found.requireIdentifier(id, "id")
        found.require(!name.isEmpty, "name", found: name, "a name that is not empty")
        found.require(!region.isEmpty, "region", found: region, "a region that is not empty")
        found.requireNotNegative(capacity, "capacity")
        return found
    }
}

public enum LocationKind: String, Codable, Sendable, CaseIterable { case distributionCenter, warehouse, store }

extension Location {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            id: fields[.id], name: fields[.name], kind: fields[.kind, else: .warehouse],
            region: fields[.region, else: "default"], timeZone: fields[.timeZone, else: .utc],
            calendar: fields[.calendar, else: .everyDay], capacity: fields[ifPresent: .capacity],
            system: fields[ifPresent: .system], isActive: fields[.isActive, else: true])
    }
}

extension Location: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("calendar", calendar)
            json.add("capacity", capacity)
            json.add("id", id)
            json.add("isActive", isActive)
            json.add("kind", kind)
            json.add("name", name)
            json.add("region", region)
            json.add("system", system)
            json.add("timeZone", timeZone)
        }
    }
}

extension LocationKind: JSONWritable {}
