import Vocabulary

extension Fault.Code {
    /// An item has no factor between two units; nothing may be assumed.
    public static let unknownConversion = Self("unit.unknownConversion")
}

extension Item {
    /// What one `unit` is worth in stocking units.
    ///
    /// - Throws: `unit.unknownConversion`: a factor that is not known is a refusal, never a factor of 1.
    public func factor(of unit: UnitCode) throws(Fault) -> Ratio {
        if unit == stockingUnit { return .one }
        guard let conversion = conversions.first(where: { $0.unit == unit }) else {
            throw Fault(
                .unknownConversion, .review(by: "masterData"),
                "Item \(id) is stocked in \(stockingUnit) and has no factor for \(unit): add the conversion to the item.")
        }
        return conversion.factor
    }

    /// `quantity` of `unit` in stocking units.
    public func inStockingUnits(_ quantity: Quantity, of unit: UnitCode) throws(Fault) -> Quantity {
        try quantity.multiplied(by: factor(of: unit))
    }

    /// `quantity` stocking units in `unit`.
    public func quantity(_ quantity: Quantity, in unit: UnitCode, rounding: Rounding = .halfAwayFromZero) throws(Fault)
        -> Quantity
    {
        try quantity.multiplied(by: factor(of: unit).inverse, rounding: rounding)
    }
}
