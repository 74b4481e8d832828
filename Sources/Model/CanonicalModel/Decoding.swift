/// How entities read their fields: what has a standard value in the initialiser may be missing from the message.
extension KeyedDecodingContainer {
    /// A field that must be there.
    subscript<Value: Decodable>(key: Key) -> Value {
        get throws { try decode(Value.self, forKey: key) }
    }

    /// A field that may be missing or null.
    subscript<Value: Decodable>(ifPresent key: Key) -> Value? {
        get throws { try decodeIfPresent(Value.self, forKey: key) }
    }

    /// A field that is `standard` when it is missing or null.
    subscript<Value: Decodable>(key: Key, else standard: Value) -> Value {
        get throws { try decodeIfPresent(Value.self, forKey: key) ?? standard }
    }

    /// Refuses an identifier that was sent and is not the one that follows from the other fields.
    func requireDerived<Value: Decodable & Equatable>(_ value: Value, _ key: Key) throws {
        guard let sent = try decodeIfPresent(Value.self, forKey: key), sent != value else { return }
        throw DecodingError.dataCorruptedError(
            forKey: key, in: self, debugDescription: "\(value), which follows from the other fields, or nothing")
    }
}
