import CanonicalModel
import Testing
import Vocabulary

@Suite struct `What is wrong with an entity` {
    @Test(arguments: ["4006381333931", "96385074", "036000291452", "10614141000415"])
    func `a trade item number with its check digit is taken`(gtin: String) {
        #expect(Item(id: "i", name: "I", stockingUnit: .piece, gtin: gtin).violations().isEmpty)
    }

    @Test(arguments: ["4006381333930", "123", "400638133393x", "", "400638133393١"])
    func `any other trade item number is refused by its value`(gtin: String) {
        let violations = Item(id: "i", name: "I", stockingUnit: .piece, gtin: gtin).violations()
        #expect(violations.map(\.field) == ["gtin"])
        #expect(violations.first?.found == gtin)
    }

    @Test func `a conversion to the stocking unit, of zero or given twice is refused`() throws {
        let conversions = [
            UnitConversion(unit: .piece, factor: .one), UnitConversion(unit: "CS", factor: Ratio(whole: 0)),
            UnitConversion(unit: "CS", factor: Ratio(whole: 12)),
        ]
        let fields = Item(id: "i", name: "I", stockingUnit: .piece, conversions: conversions).violations().map(\.field)
        #expect(fields == ["conversions[0].unit", "conversions[1].factor", "conversions"])
    }

    @Test func `an identifier that cannot be one is refused`() {
        #expect(Item(id: "", name: "I", stockingUnit: .piece).violations().map(\.field) == ["id"])
        let balance = Balance(item: "a\u{0}", location: " dc", onHand: .zero)
        #expect(balance.violations().map(\.field) == ["item", "location"])
    }

    @Test func `an order-up-to level below the reorder point is refused with both figures`() {
        let levels = PolicyLevels(reorderPoint: Quantity(10), safetyStock: .zero, orderUpTo: Quantity(9))
        let violation = InventoryPolicy(item: "i", location: "l", levels: levels).violations().first
        #expect(violation == Violation("levels.orderUpTo", found: "9", expected: "at least the reorder point (10)"))
    }

    @Test func `figures that are no numbers are refused`() {
        let forecast = Forecast(
            item: "i", location: "l", source: "s", version: 1, method: "m", start: BusinessDate(dayNumber: 0), periodDays: 7,
            mean: [1, .nan], levels: [0.9, 0.5], quantiles: [[1, 2]], deviation: -1)
        #expect(forecast.violations().map(\.field) == ["mean[1]", "levels", "quantiles", "deviation"])
    }

    @Test func `a supply line counts what was committed, less what arrived, and nothing once closed`() throws {
        var line = SupplyLine(
            id: "l", order: "PO", kind: .purchase, state: .confirmed, item: "i", destination: "d", ordered: Quantity(10),
            received: Quantity(3), committedQuantity: Quantity(8))
        #expect(try line.open == Quantity(5))
        line.received = Quantity(9)
        #expect(try line.open == .zero)
        line.received = .zero
        line.state = .cancelled
        #expect(try line.open == .zero)
    }
}

@Suite struct `Units` {
    @Test func `whole multiples of a unit convert there and back without loss`() throws {
        let random = Randomness.seeded(20_261_123)
        for _ in 0..<2000 {
            let factor = try Ratio(Int64(random.next() % 999 + 1), Int64(random.next() % 64 + 1))
            let item = Item(id: "i", name: "I", stockingUnit: .piece, conversions: [.init(unit: "CS", factor: factor)])
            // A multiple of the denominator, so that the stocking quantity has no more than six decimals.
            let cases = Quantity(scaled: Int64(random.next() % 1_000_000) * factor.denominator)
            let pieces = try item.inStockingUnits(cases, of: "CS")
            #expect(try item.quantity(pieces, in: "CS") == cases)
        }
    }

    @Test func `rounding up never gives less than was asked for`() throws {
        let item = Item(id: "i", name: "I", stockingUnit: .piece, conversions: [.init(unit: "CS", factor: try Ratio(7, 3))])
        for pieces in 1..<500 {
            let cases = try item.quantity(Quantity(pieces), in: "CS", rounding: .up)
            #expect(try item.inStockingUnits(cases, of: "CS") >= Quantity(pieces))
        }
    }

    @Test func `a factor that is not known is a refusal`() {
        let item = Item(id: "i", name: "I", stockingUnit: .piece)
        let fault = #expect(throws: Fault.self) { try item.inStockingUnits(Quantity(1), of: "CS") }
        #expect(fault?.code == .unknownConversion)
    }
}
