/// A unit of measure by its UN/ECE Recommendation 20 code: `C62` one piece, `KGM` kilogram, `CS` case.
///
/// What one unit is worth in another is a fact about an item, never a table of ours: an unknown
/// conversion is a refusal.
public struct UnitCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public init(checking text: String, field: String) throws(Fault) {
        guard UnitCode.isWellFormed(text) else {
            throw .invalid(field, found: text, expected: "a UN/ECE Rec 20 unit code such as C62, KGM or CS")
        }
        self.init(rawValue: text)
    }

    /// Two or three capital letters or digits (Rec 20 common codes and Rec 21 packages).
    static func isWellFormed(_ text: String) -> Bool {
        (2...3).contains(text.utf8.count)
            && text.utf8.allSatisfy { ($0 >= 0x41 && $0 <= 0x5a) || ($0 >= 0x30 && $0 <= 0x39) }
    }

    public var description: String { rawValue }

    public static let piece: UnitCode = "C62"
}

extension UnitCode: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(rawValue: value) }
}

extension UnitCode: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard UnitCode.isWellFormed(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: container.codingPath, debugDescription: "a UN/ECE Rec 20 unit code such as C62"))
        }
        self.init(rawValue: text)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension CurrencyCode: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(checking: try container.decode(String.self), field: container.codingPath.fieldName)
        } catch let fault as Fault {
            throw DecodingError.dataCorrupted(.init(codingPath: container.codingPath, debugDescription: fault.message))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
