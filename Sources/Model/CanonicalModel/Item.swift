import Vocabulary

/// Something that is stocked, forecast and ordered.
///
/// Two systems agree on an item when they agree on its `id`; a system's own number for it is in the
/// crosswalk, never a second identity.
public struct Item: CanonicalEntity {
    public static let contract = Contract("item", version: 1)

    public let id: ID<Item>
    /// What people call it. Never used for matching.
    public var name: String
    /// The unit that every quantity of this item counts unless another is named beside it.
    public var stockingUnit: UnitCode
    /// What one of each other unit is worth in stocking units.
    public var conversions: [UnitConversion]
    /// The GS1 trade item number: 8, 12, 13 or 14 digits with a check digit.
    public var gtin: String?
    public var family: String?
    /// By annual use value: a carries the most.
    public var abcClass: ABCClass?
    /// By variability of demand: x is the steadiest.
    public var xyzClass: XYZClass?
    /// What it means when it is missing; a column of the decision table.
    public var criticality: Criticality
    public var unitCost: Money?
    public var currency: CurrencyCode?
    /// What one stocking unit takes of a location's capacity, in the unit of that capacity.
    public var space: Quantity
    /// The item that takes this one's place, and its demand history.
    public var supersededBy: ID<Item>?
    /// No longer ordered; history and open orders remain valid.
    public var isRetired: Bool

    public init(
        id: ID<Item>, name: String, stockingUnit: UnitCode, conversions: [UnitConversion] = [], gtin: String? = nil,
        family: String? = nil, abcClass: ABCClass? = nil, xyzClass: XYZClass? = nil, criticality: Criticality = .normal,
        unitCost: Money? = nil, currency: CurrencyCode? = nil, space: Quantity = .zero, supersededBy: ID<Item>? = nil,
        isRetired: Bool = false
    ) {
        self.id = id
        self.name = name
        self.stockingUnit = stockingUnit
        self.conversions = conversions
        self.gtin = gtin
        self.family = family
        self.abcClass = abcClass
        self.xyzClass = xyzClass
        self.criticality = criticality
        self.unitCost = unitCost
        self.currency = currency
        self.space = space
        self.supersededBy = supersededBy
        self.isRetired = isRetired
    }

    public func violations() -> [Violation] {
        var found: [Violation] = []
        found.requireIdentifier(id, "id")
        found.require(!name.isEmpty, "name", found: name, "a name that is not empty")
        if let gtin { found.require(isGTIN(gtin), "gtin", found: gtin, "8, 12, 13 or 14 digits with a valid check digit") }
        found.requireNotNegative(unitCost, "unitCost")
        found.requireNotNegative(space, "space")
        found.require(unitCost == nil || currency != nil, "currency", found: nil, "the currency of unitCost")
        found.require(supersededBy != id, "supersededBy", found: id.rawValue, "another item than this one")
        for (index, conversion) in conversions.enumerated() {
            found.require(
                conversion.factor.numerator > 0, "conversions[\(index)].factor", found: conversion.factor.description,
                "a factor above zero")
            found.require(
                conversion.unit != stockingUnit, "conversions[\(index)].unit", found: conversion.unit.rawValue,
                "another unit than the stocking unit")
        }
        let units = conversions.map(\.unit)
        found.require(Set(units).count == units.count, "conversions", found: "\(units)", "each unit at most once")
        return found
    }
}

/// One `unit` of the item is `factor` stocking units: a case of twelve has the factor 12.
public struct UnitConversion: Codable, Hashable, Sendable {
    public let unit: UnitCode
    public let factor: Ratio

    public init(unit: UnitCode, factor: Ratio) {
        self.unit = unit
        self.factor = factor
    }
}

public enum ABCClass: String, Codable, Sendable, CaseIterable { case a, b, c }
public enum XYZClass: String, Codable, Sendable, CaseIterable { case x, y, z }
public enum Criticality: String, Codable, Sendable, CaseIterable { case low, normal, high, vital }

/// Whether the last digit is the GS1 check digit of the others.
func isGTIN(_ text: String) -> Bool {
    let digits = text.utf8.map { Int($0) - 0x30 }
    guard [8, 12, 13, 14].contains(digits.count), digits.allSatisfy((0...9).contains) else { return false }
    let sum = digits.reversed().enumerated().reduce(0) { $0 + $1.element * ($1.offset % 2 == 0 ? 1 : 3) }
    return sum % 10 == 0
}

extension Item {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            id: fields[.id], name: fields[.name], stockingUnit: fields[.stockingUnit],
            conversions: fields[.conversions, else: []], gtin: fields[ifPresent: .gtin], family: fields[ifPresent: .family],
            abcClass: fields[ifPresent: .abcClass], xyzClass: fields[ifPresent: .xyzClass],
            criticality: fields[.criticality, else: .normal], unitCost: fields[ifPresent: .unitCost],
            currency: fields[ifPresent: .currency], space: fields[.space, else: .zero],
            supersededBy: fields[ifPresent: .supersededBy], isRetired: fields[.isRetired, else: false])
    }
}

extension Item: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("abcClass", abcClass)
            json.add("conversions", conversions)
            json.add("criticality", criticality)
            json.add("currency", currency)
            json.add("family", family)
            json.add("gtin", gtin)
            json.add("id", id)
            json.add("isRetired", isRetired)
            json.add("name", name)
            json.add("space", space)
            json.add("stockingUnit", stockingUnit)
            json.add("supersededBy", supersededBy)
            json.add("unitCost", unitCost)
            json.add("xyzClass", xyzClass)
        }
    }
}

extension UnitConversion: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("factor", factor)
            json.add("unit", unit)
        }
    }
}

extension ABCClass: JSONWritable {}
extension XYZClass: JSONWritable {}
extension Criticality: JSONWritable {}
