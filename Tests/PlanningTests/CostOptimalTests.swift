import Planning
import Testing

/// Published figures: Nahmias, "Production and Operations Analysis", examples 5.1 (newsstand), 5.4 (mustard), 4.4 and 4.5 (bags).
@Suite struct `Cost-optimal stock` {
    @Test func `of the newsstand is fifteen copies`() throws {
        // Cost 0.25, sold at 0.75, 0.10 back: ratio 0.77; demand 11.73 +- 4.74.
        let stand = try Newsvendor(shortageCost: 0.5, leftoverCost: 0.15)
        let demand = DemandDistribution(mean: 11.73, variance: 4.74 * 4.74, shape: .normal)
        #expect(isClose(stand.service, 0.77, within: 0.001))
        #expect(isClose(stand.quantity(for: demand), 15.24, within: 0.02))
        let best = stand.expectedCost(of: stand.quantity(for: demand), facing: demand)
        for quantity in [8.0, 12, 14, 17, 20] { #expect(stand.expectedCost(of: quantity, facing: demand) > best) }
        #expect(throws: PolicyError.self) { try Newsvendor(shortageCost: 0, leftoverCost: 0) }
    }

    @Test func `of the mustard is 111 ordered at 143`() throws {
        let costs = try EconomicOrderQuantity(annualDemand: 200, costPerOrder: 50, holdingCost: 2)
        let demand = DemandDistribution(mean: 100, variance: 625, shape: .normal)
        let policy = try CostOptimalPolicy(demand, costs: costs, shortageCost: 25)
        #expect(isClose(policy.orderQuantity, 111, within: 0.6))
        #expect(isClose(policy.reorderPoint, 143, within: 0.6))
        #expect(isClose(policy.cycleService, 0.956, within: 0.001))
        // Neither a larger nor a smaller quantity is cheaper with its own best reorder point.
        for quantity in [80.0, 100, 125, 150] {
            let other = try CostOptimalPolicy(demand, costs: costs, shortageCost: 25, quantity: quantity)
            #expect(other.annualCost > policy.annualCost)
        }
        let lost = try CostOptimalPolicy(demand, costs: costs, shortageCost: 25, shortage: .lostSale, quantity: 100)
        let waiting = try CostOptimalPolicy(demand, costs: costs, shortageCost: 25, quantity: 100)
        #expect(lost.cycleService > waiting.cycleService)
    }

    @Test func `of goods that are not worth keeping is none`() throws {
        let costs = try EconomicOrderQuantity(annualDemand: 10, costPerOrder: 500, holdingCost: 100)
        let policy = try CostOptimalPolicy(DemandDistribution(mean: 2, variance: 4), costs: costs, shortageCost: 0.01)
        #expect(policy.reorderPoint == 0 && policy.cycleService == 0)
    }

    @Test func `takes the 500 bags that the price break offers`() throws {
        let prices: [PriceBreaks.Break] = [
            .init(from: 0, price: 0.30), .init(from: 500, price: 0.29), .init(from: 1000, price: 0.28),
        ]
        let all = try PriceBreaks(.allUnits, prices)
        let best = try all.bestOrder(annualDemand: 600, costPerOrder: 8, holdingRate: 0.2)
        #expect(best.quantity == 500)
        #expect(isClose(best.annualCost, 198.10, within: 0.005))
        let incremental = try PriceBreaks(.incremental, prices)
        let steady = try incremental.bestOrder(annualDemand: 600, costPerOrder: 8, holdingRate: 0.2)
        #expect(isClose(steady.quantity, 400, within: 1e-6) && isClose(steady.annualCost, 204, within: 1e-6))
        #expect(isClose(incremental.cost(of: 1200), 150 + 145 + 56))
    }

    @Test func `is the best of all whole lots`() throws {
        let scopes: [PriceBreaks.Scope] = [.allUnits, .incremental]
        var numbers = SeededNumbers(seed: 9)
        for round in 0..<200 {
            let start = 2 + 5 * numbers.unit()
            let prices: [PriceBreaks.Break] = [
                .init(from: 0, price: start), .init(from: (50 + 100 * numbers.unit()).rounded(), price: start * 0.95),
                .init(from: (200 + 300 * numbers.unit()).rounded(), price: start * 0.85),
            ]
            let table = try PriceBreaks(scopes[round % 2], prices)
            let demand = 50 + 3000 * numbers.unit()
            let multiple = Double(1 + round % 25)
            let best = try table.bestOrder(
                annualDemand: demand, costPerOrder: 20, holdingRate: 0.25, multiple: multiple, minimum: 30)
            let lots = stride(from: multiple, through: 6000, by: multiple).filter { $0 >= 30 }
            let least = lots.map { demand / $0 * (20 + table.cost(of: $0)) + 0.25 * table.cost(of: $0) / 2 }.min() ?? .infinity
            #expect(best.annualCost <= least + 1e-6)
            #expect(best.quantity >= 30 && isClose((best.quantity / multiple).rounded() * multiple, best.quantity, within: 1e-6))
        }
    }

    @Test func `refuses breaks that do not rise`() {
        #expect(throws: PolicyError.self) { try PriceBreaks(.allUnits, [.init(from: 5, price: 1)]) }
        #expect(throws: PolicyError.self) { try PriceBreaks(.allUnits, [.init(from: 0, price: 1), .init(from: 0, price: 2)]) }
        #expect(throws: PolicyError.self) { try PriceBreaks(.allUnits, [.init(from: 0, price: .nan)]) }
    }
}
