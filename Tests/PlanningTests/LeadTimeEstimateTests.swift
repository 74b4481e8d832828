import Planning
import Testing

@Suite struct `A measured lead time` {
    let stated = LeadTime(mean: 14, deviation: 2)

    func receipts(_ days: [Double], age: Double = 0) -> [OrderReceipt] { days.map { OrderReceipt(days: $0, ageDays: age) } }

    @Test func `is what is stated until something arrives`() throws {
        let estimate = try LeadTimeEstimate([], stated: stated)
        #expect(estimate.leadTime == stated && estimate.isStale && estimate.weight == 0)
        #expect(estimate.measuredQuantile(0.9) == nil)
    }

    @Test func `updates like a normal model with a conjugate prior`() throws {
        // Prior 3 at 14 +- 2; three receipts of 20, 22, 24: mean (42 + 66) / 6 = 18, variance (12 + 8 + 1.5 x 64) / 6.
        let estimate = try LeadTimeEstimate(receipts([24, 20, 22]), stated: stated)
        #expect(isClose(estimate.leadTime.mean, 18))
        #expect(isClose(estimate.leadTime.deviation * estimate.leadTime.deviation, (12 + 8 + 96) / 6.0))
        #expect(estimate.measured.map(\.days) == [20, 22, 24])
        #expect(estimate.measuredQuantile(0.5) == 22 && estimate.measuredQuantile(0.95) == 24)
        #expect(!estimate.isStale)
    }

    @Test func `forgets old receipts by halves, and says when it is stale`() throws {
        let fresh = try LeadTimeEstimate(receipts([30, 30, 30, 30]), stated: stated)
        let old = try LeadTimeEstimate(receipts([30, 30, 30, 30], age: 360), stated: stated)
        let ancient = try LeadTimeEstimate(receipts([30, 30, 30, 30], age: 1e6), stated: stated)
        #expect(isClose(old.weight, 1))
        #expect(fresh.leadTime.mean > old.leadTime.mean && old.leadTime.mean > stated.mean)
        #expect(!old.isStale && ancient.isStale)
        #expect(isClose(ancient.leadTime.mean, stated.mean))
    }

    @Test func `finds the lead time that receipts were drawn from`() throws {
        var numbers = SeededNumbers(seed: 12)
        let drawn = (0..<400).map { _ in max(1, 21 + 5 * numbers.normal()) }
        let estimate = try LeadTimeEstimate(receipts(drawn, age: 30), stated: stated)
        #expect(isClose(estimate.leadTime.mean, 21, within: 0.8))
        #expect(isClose(estimate.leadTime.deviation, 5, within: 0.5))
        #expect(isClose(try #require(estimate.measuredQuantile(0.9)), 21 + 1.2816 * 5, within: 1))
    }

    @Test func `needs two receipts when nothing is stated`() throws {
        #expect(throws: PolicyError.self) { try LeadTimeEstimate(receipts([3]), stated: nil) }
        let estimate = try LeadTimeEstimate(receipts([3, 5]), stated: nil)
        #expect(estimate.leadTime.mean == 4 && isClose(estimate.leadTime.deviation, 2.0.squareRoot()))
        #expect(throws: PolicyError.self) { try LeadTimeEstimate(receipts([.nan]), stated: stated) }
        #expect(throws: PolicyError.self) { try LeadTimeEstimate(receipts([-1]), stated: stated) }
    }
}
