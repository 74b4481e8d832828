import Planning
import Testing

@Suite struct `A demand known by quantiles` {
    static let levels = [0.5, 0.8, 0.9, 0.95, 0.99]

    @Test func `is exact for a normal demand`() throws {
        let values = Self.levels.map { 100 + 20 * UnitNormal.quantile($0) }
        let demand = try QuantileDemand(levels: Self.levels, values: values)
        #expect(isClose(demand.mean, 100, within: 1e-5))
        #expect(isClose(demand.standardDeviation, 20, within: 1e-4))
        for z in [-1.0, 0, 0.5, 1, 2, 3] {
            #expect(isClose(demand.probability(atMost: 100 + 20 * z), UnitNormal.cumulative(z), within: 1e-9))
            #expect(isClose(demand.expectedExcess(over: 100 + 20 * z), 20 * UnitNormal.loss(z), within: 1e-9))
            #expect(isClose(demand.quantile(UnitNormal.cumulative(z)), 100 + 20 * z, within: 1e-6))
        }
    }

    @Test func `gives counts a discrete reorder point`() throws {
        // Poisson with mean 1.5: P(D <= 1) = 0.558, 2: 0.809, 3: 0.934, 4: 0.981, 5: 0.996.
        let demand = try QuantileDemand(levels: Self.levels, values: [1, 2, 3, 4, 5], grain: 1)
        let point = try DiscreteReorderPoint(demand, target: .cycleService(0.95), orderQuantity: 6)
        #expect(point.level == 4)
        let filling = try DiscreteReorderPoint(demand, target: .fillRate(0.98), orderQuantity: 6)
        #expect(filling.level.truncatingRemainder(dividingBy: 1) == 0 && filling.fillRate >= 0.98)
        #expect(filling.level < point.level)
    }

    @Test func `lumps the probability where quantiles are equal`() throws {
        let sparse = try QuantileDemand(levels: Self.levels, values: [0, 0, 0, 12, 24], grain: 12)
        #expect(sparse.quantile(0.9) == 0 && sparse.quantile(0.92) == 12)
        #expect(isClose(sparse.probability(atMost: 0), 0.9))
        #expect(sparse.expectedExcess(over: 24) < sparse.expectedExcess(over: 12))
        let none = try QuantileDemand(levels: Self.levels, values: [0, 0, 0, 0, 0])
        #expect(none.mean == 0 && none.quantile(0.99) == 0 && none.probability(atMost: 0) == 1)
    }

    @Test func `is ordered whatever the quantiles`() throws {
        var numbers = SeededNumbers(seed: 4)
        for _ in 0..<200 {
            var value = 0.0
            let values = Self.levels.map { _ in
                value += numbers.unit() < 0.3 ? 0 : 1e3 * numbers.unit()
                return value
            }
            let demand = try QuantileDemand(levels: Self.levels, values: values)
            var last = (quantile: 0.0, probability: 0.0, excess: demand.mean)
            for step in 1..<40 {
                let (level, stock) = (Double(step) / 40, Double(step) * 100)
                let next = (demand.quantile(level), demand.probability(atMost: stock), demand.expectedExcess(over: stock))
                #expect(next.0 >= last.quantile && next.1 >= last.probability - 1e-12 && next.2 <= last.excess + 1e-9)
                #expect(next.0.isFinite && next.1 <= 1 && next.2 >= 0)
                last = next
            }
            // The excess falls by the share of demands above, which ties the two figures together.
            let slope = (demand.expectedExcess(over: 500) - demand.expectedExcess(over: 500.01)) / 0.01
            #expect(isClose(slope, 1 - demand.probability(atMost: 500.005), within: 0.01))
        }
    }

    @Test func `names the quantile that cannot be`() {
        func refusal(_ levels: [Double], _ values: [Double]) -> String? {
            do throws(PolicyError) {
                _ = try QuantileDemand(levels: levels, values: values)
                return nil
            } catch { return error.field }
        }
        #expect(refusal([0.5], [1]) == "values")
        #expect(refusal([0.5, 0.4], [1, 2]) == "levels[1]")
        #expect(refusal([0.5, 0.9], [3, 2]) == "values[1]")
        #expect(refusal([0.5, 0.9], [3, .nan]) == "values[1]")
    }
}
