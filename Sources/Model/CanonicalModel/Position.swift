import Vocabulary

/// An item at a location.
public struct Position: Hashable, Sendable {
    public let item: ID<Item>
    public let location: ID<Location>

    public init(_ item: ID<Item>, _ location: ID<Location>) {
        self.item = item
        self.location = location
    }
}
