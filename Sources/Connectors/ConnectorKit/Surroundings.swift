import Vocabulary

/// All that a connector is given of the world.
public struct Surroundings: Sendable {
    public let http: any HTTPExchange
    public let clock: WallClock
    public let randomness: Randomness

    public init(http: any HTTPExchange, clock: WallClock, randomness: Randomness) {
        self.http = http
        self.clock = clock
        self.randomness = randomness
    }
}

/// The values of a connector's settings, by key; checked against its manifest before they get here.
public struct SettingValues: Sendable {
    private let values: [String: String]

    public init(_ values: [String: String]) {
        self.values = values
    }

    public subscript(key: String) -> String? { values[key] }

    /// - Throws: `input.invalid` naming the key when it is missing or empty.
    public func text(_ key: String) throws(Fault) -> String {
        guard let value = values[key], !value.isEmpty else {
            throw .invalid(key, found: values[key], expected: "a value")
        }
        return value
    }
}
