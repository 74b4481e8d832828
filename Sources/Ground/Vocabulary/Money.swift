/// An amount of money, exact to one millionth of a currency unit.
///
/// Which currency it counts is said beside it, as a property of the sourcing, lane or limit.
public struct Money: Decimal6 {
    public let scaled: Int64

    public init(scaled: Int64) {
        self.scaled = scaled
    }
}

extension Money {
    /// The price of `quantity` units at this price each, to the nearest millionth.
    public func times(_ quantity: Quantity) throws(Fault) -> Money {
        try multiplied(by: Ratio(quantity.scaled, Quantity.scale))
    }
}

/// An ISO 4217 currency code: three capital letters.
public struct CurrencyCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public init(checking text: String, field: String) throws(Fault) {
        guard text.utf8.count == 3, text.utf8.allSatisfy({ $0 >= 0x41 && $0 <= 0x5a }) else {
            throw .invalid(field, found: text, expected: "an ISO 4217 currency code such as EUR")
        }
        self.init(rawValue: text)
    }
}

extension CurrencyCode: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(rawValue: value) }
}
