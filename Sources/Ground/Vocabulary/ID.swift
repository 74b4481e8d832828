/// The name by which everybody here knows one `Subject`.
///
/// The subject is part of the type, so an item's identifier can never be handed to a function
/// that wants a location's. What an outside system calls the same thing lives in the crosswalk.
public struct ID<Subject>: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public init(_ rawValue: String) {
        self.init(rawValue: rawValue)
    }

    /// An identifier that came from outside.
    ///
    /// - Throws: `input.invalid` when it is empty, longer than 200 bytes or holds control characters.
    public init(checking text: String, field: String) throws(Fault) {
        guard let complaint = identifierComplaint(about: text) else {
            self.init(rawValue: text)
            return
        }
        throw .invalid(field, found: text, expected: complaint)
    }
}

/// What keeps `text` from being an identifier; nil when nothing does.
public func identifierComplaint(about text: String) -> String? {
    if text.isEmpty { return "an identifier that is not empty" }
    if text.utf8.count > 200 { return "at most 200 bytes" }
    if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) { return "no control characters" }
    if text.utf8.first == 0x20 || text.utf8.last == 0x20 { return "no space at either end" }
    return nil
}

extension ID: Comparable {
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension ID: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        if let complaint = identifierComplaint(about: text) {
            throw DecodingError.dataCorrupted(
                .init(codingPath: container.codingPath, debugDescription: complaint))
        }
        self.init(rawValue: text)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension ID: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) {
        self.init(rawValue: value)
    }
}

extension ID: CustomStringConvertible {
    public var description: String { rawValue }
}

extension ID {
    /// An identifier made of several, so that the same parts always give the same name and
    /// different parts never do: `|` and `%` inside a part are percent-encoded.
    public static func joining(_ parts: String...) -> ID {
        ID(rawValue: parts.map(escaped).joined(separator: "|"))
    }

    private static func escaped(_ part: String) -> String {
        guard part.utf8.contains(where: { $0 == UInt8(ascii: "|") || $0 == UInt8(ascii: "%") }) else { return part }
        return part.reduce(into: "") { text, character in
            switch character {
            case "%": text += "%25"
            case "|": text += "%7C"
            default: text.append(character)
            }
        }
    }
}
