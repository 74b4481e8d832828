import Vocabulary

/// What a careful planner of the sample company would hold of an item at a warehouse.
struct StockingPlan: Sendable {
    let line: CatalogueLine
    let warehouse: Warehouse
    /// Mean demand of a calendar day.
    let perDay: Double
    let safetyStock: Double
    let reorderPoint: Double
    let orderUpTo: Double
    let serviceTarget: Double

    static let all = Catalogue.lines.flatMap { line in
        Warehouse.all.compactMap { StockingPlan(line.id, at: $0.id) }
    }

    init?(_ item: String, at location: String) {
        guard let line = Catalogue.line(item), let supplier = SupplierProfile.named(line.supplier),
            let warehouse = Warehouse.all.first(where: { $0.id == location })
        else { return nil }
        self.line = line
        self.warehouse = warehouse
        perDay = line.perDay(at: warehouse) * 5 / 7
        // 98 % of cycles, 95 %, and a fill rate of 95 %, with the standard normal's quantiles.
        serviceTarget = line.abcClass == "A" ? 0.98 : 0.95
        let quantile = line.abcClass == "A" ? 2.054 : 1.645
        let variation =
            switch line.pattern {
            case .intermittent(let share): 1 / share.squareRoot()
            default: 0.45
            }
        let demandVariance = supplier.leadTimeDays * (variation * perDay) * (variation * perDay)
        let supplyVariance = perDay * perDay * supplier.leadTimeDeviationDays * supplier.leadTimeDeviationDays
        safetyStock = (quantile * (demandVariance + supplyVariance).squareRoot()).rounded(.up)
        reorderPoint = (perDay * supplier.leadTimeDays).rounded(.up) + safetyStock
        let pack = line.pack.map { Double($0.numerator) / Double($0.denominator) } ?? 1
        orderUpTo = reorderPoint + max(perDay * 14, Double(supplier.minimumPacks) * pack).rounded(.up)
    }

    var id: String { CompanyBooks.pairID(line.id, warehouse.id) }

    /// Whole packs that last for at least so many days.
    func wholePacks(days: Double) throws(Fault) -> Quantity {
        guard let pack = line.pack else { return try Quantity(rounding: (perDay * days).rounded(.up)) }
        let packs = (perDay * days * Double(pack.denominator) / Double(pack.numerator)).rounded(.up)
        return try Quantity(rounding: packs).multiplied(by: try Ratio(pack.numerator, pack.denominator))
    }
}
