/// How well an item is to be served, together with what that number counts.
///
/// 98 % of cycles without a stock-out and 98 % of units from stock are very different stocks, so a target never travels without
/// its type.
public enum ServiceTarget: Sendable, Hashable, Codable {
    /// Share of replenishment cycles that end without a stock-out, in (0, 1).
    case cycleService(Double)
    /// Share of units that are delivered from stock, in (0, 1).
    case fillRate(Double)

    public var level: Double {
        switch self {
        case .cycleService(let level), .fillRate(let level): level
        }
    }

    func check() throws(PolicyError) {
        guard level > 0, level < 1 else {
            throw PolicyError(field: "target", value: level, expected: "between 0 and 1, both excluded")
        }
    }
}

/// What becomes of demand that finds no stock.
public enum ShortageRule: String, Sendable, Hashable, Codable {
    /// The customer waits.
    case backorder
    /// The customer goes elsewhere.
    case lostSale
}

/// A figure that no policy can be computed from.
public struct PolicyError: Error, Sendable, CustomStringConvertible {
    public let field: String
    public let value: Double
    public let expected: String

    public var description: String { "\(field) is \(value); expected \(expected)" }

    static func require(_ field: String, _ value: Double, atLeast floor: Double = 0) throws(PolicyError) {
        guard value.isFinite, value >= floor else {
            throw PolicyError(field: field, value: value, expected: "a finite number >= \(floor)")
        }
    }

    static func requirePositive(_ field: String, _ value: Double) throws(PolicyError) {
        guard value.isFinite, value > 0 else { throw PolicyError(field: field, value: value, expected: "a finite number > 0") }
    }
}
