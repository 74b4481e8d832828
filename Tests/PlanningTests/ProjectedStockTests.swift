import Planning
import Testing

@Suite struct `Projected stock` {
    @Test func `is not covered by a receipt before its date`() throws {
        let demand = [Double](repeating: 10, count: 10)
        let late = try ProjectedStock(
            onHand: 35, receipts: [DatedReceipt(period: 6, quantity: 100)], demand: demand, safetyStock: 12)
        #expect(late.available == [25, 15, 5, -5, -15, -25, 65, 55, 45, 35])
        #expect(late.firstStockOut == 3)
        #expect(late.firstBelowSafetyStock == 2)
        let intime = try ProjectedStock(onHand: 35, receipts: [DatedReceipt(period: 3, quantity: 100)], demand: demand)
        #expect(intime.firstStockOut == nil)
    }

    @Test func `keeps overdue and far-off receipts apart`() throws {
        let stock = try ProjectedStock(
            onHand: 0, receipts: [DatedReceipt(period: -2, quantity: 5), DatedReceipt(period: 3, quantity: 7)], demand: [1, 1, 1])
        #expect(stock.overdue == 5 && stock.beyond == 7)
        #expect(stock.available == [-1, -2, -3])
    }

    @Test func `does not take a rounding error for a stock-out`() throws {
        #expect(try ProjectedStock(onHand: 0.3, receipts: [], demand: [0.1, 0.1, 0.1]).firstStockOut == nil)
    }

    @Test func `names the figure it cannot work with`() {
        #expect(throws: PolicyError.self) { try ProjectedStock(onHand: .nan, receipts: [], demand: [1]) }
        #expect(throws: PolicyError.self) { try ProjectedStock(onHand: 1, receipts: [], demand: [-1]) }
        #expect(throws: PolicyError.self) {
            try ProjectedStock(onHand: 1, receipts: [DatedReceipt(period: 0, quantity: -1)], demand: [1])
        }
    }
}
