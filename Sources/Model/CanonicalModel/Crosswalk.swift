import Vocabulary

/// One outside name of one canonical thing: in system `erpEast` the item `bolt-m8` is number 4711.
public struct CrosswalkEntry: Codable, Hashable, Sendable {
    public let system: ID<ExternalSystem>
    /// What kind of thing it names.
    public let subject: CrosswalkSubject
    public let externalID: String
    public let canonicalID: String

    public init(system: ID<ExternalSystem>, subject: CrosswalkSubject, externalID: String, canonicalID: String) {
        self.system = system
        self.subject = subject
        self.externalID = externalID
        self.canonicalID = canonicalID
    }
}

public enum CrosswalkSubject: String, Codable, Sendable, CaseIterable { case item, location, supplier }

/// All names that one outside system has for our items, locations and suppliers.
///
/// A connector translates with it in both directions. A code that is not in it yet becomes the canonical
/// id itself; the synchronisation then writes the pair down.
public struct Crosswalk: Sendable {
    private var canonical: [CrosswalkSubject: [String: String]] = [:]
    private var external: [CrosswalkSubject: [String: String]] = [:]

    public init(_ entries: some Sequence<CrosswalkEntry> = []) {
        for entry in entries {
            canonical[entry.subject, default: [:]][entry.externalID] = entry.canonicalID
            external[entry.subject, default: [:]][entry.canonicalID] = entry.externalID
        }
    }

    public func item(_ externalID: String) -> ID<Item> { ID(canonicalID(.item, externalID)) }
    public func location(_ externalID: String) -> ID<Location> { ID(canonicalID(.location, externalID)) }
    public func supplier(_ externalID: String) -> ID<Supplier> { ID(canonicalID(.supplier, externalID)) }

    public func externalID(of item: ID<Item>) -> String { externalID(.item, item.rawValue) }
    public func externalID(of location: ID<Location>) -> String { externalID(.location, location.rawValue) }
    public func externalID(of supplier: ID<Supplier>) -> String { externalID(.supplier, supplier.rawValue) }

    public func canonicalID(_ subject: CrosswalkSubject, _ externalID: String) -> String {
        canonical[subject]?[externalID] ?? externalID
    }

    public func externalID(_ subject: CrosswalkSubject, _ canonicalID: String) -> String {
        external[subject]?[canonicalID] ?? canonicalID
    }
}
