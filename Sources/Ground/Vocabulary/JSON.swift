import Foundation

/// JSON as it is stored, hashed and sent: keys sorted, no white space, so that equal values have equal bytes.
public enum JSON {
    /// The exact text that is hashed and stored.
    ///
    /// - Throws: `plimsoll.defect` when a value of ours cannot be written (a NaN that should never have been).
    public static func text(of value: some Encodable) throws(Fault) -> String {
        String(decoding: try bytes(of: value), as: UTF8.self)
    }

    public static func bytes(of value: some Encodable, pretty: Bool = false) throws(Fault) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw .defect("A \(type(of: value)) cannot be written as JSON: \(error)")
        }
    }

    /// - Throws: `input.invalid` naming the field by its path, what was found and what was expected.
    public static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from bytes: some Collection<UInt8>
    ) throws(Fault) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let fault as Fault {
            throw fault
        } catch let error as DecodingError {
            throw .invalid([Violation(error)])
        } catch {
            throw .invalid("body", found: nil, expected: "JSON (\(error))")
        }
    }

    public static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from text: String
    ) throws(Fault) -> Value {
        try decode(type, from: text.utf8)
    }
}

extension Violation {
    /// What a decoder objects to, with the path of the field as a sender would write it.
    public init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init((context.codingPath + [key]).fieldName, found: nil, expected: "a value")
        case .valueNotFound(let type, let context):
            self.init(context.codingPath.fieldName, found: "null", expected: plainName(of: type))
        case .typeMismatch(let type, let context):
            self.init(context.codingPath.fieldName, found: "a value of another type", expected: plainName(of: type))
        case .dataCorrupted(let context):
            let complaint =
                context.codingPath.isEmpty
                ? "well-formed JSON (\(context.underlyingError.map { "\($0)" } ?? context.debugDescription))"
                : context.debugDescription
            self.init(context.codingPath.fieldName, found: "a value that does not fit", expected: complaint)
        @unknown default:
            self.init("body", found: nil, expected: "JSON that fits the contract (\(error))")
        }
    }
}

extension [any CodingKey] {
    /// `lines[2].quantity`; `body` for the whole.
    public var fieldName: String {
        guard !isEmpty else { return "body" }
        return reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }
}

private func plainName(of type: any Any.Type) -> String {
    switch type {
    case is String.Type: "a string"
    case is Bool.Type: "true or false"
    case is any BinaryInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is any RandomAccessCollection.Type: "a list"
    default: "a value that fits \(type)"
    }
}

/// A JSON number kept as its decimal text, because a binary fraction would change it.
struct ExactNumber: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(Decimal.self).description
    }
}
