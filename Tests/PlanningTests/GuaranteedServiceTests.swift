import Planning
import Testing

@Suite struct `Guaranteed service` {
    /// Snyder & Shen, "Fundamentals of Supply Chain Theory", example 6.5: the plan costs 8.2779, only the last customer waits.
    @Test func `finds the published plan`() throws {
        let stages = [
            Stage(feeder: nil, transit: 2, supplierTime: 1, holdingCost: 1),
            Stage(feeder: 0, transit: 1, holdingCost: 2),
            Stage(feeder: 1, transit: 1, holdingCost: 3, deviation: 1, promisedTime: 0),
            Stage(feeder: 1, transit: 1, holdingCost: 3, deviation: 1, promisedTime: 1),
        ]
        let plan = try GuaranteedService(stages, factor: 1)
        #expect(isClose(plan.cost, 8.277916867529369, within: 1e-9))
        #expect(plan.placements.map(\.serviceTime) == [0, 0, 0, 1])
    }

    @Test func `costs no more than any other combination of times`() throws {
        var numbers = SeededNumbers(seed: 31)
        for _ in 0..<30 {
            let stages = (0..<5).map { index in
                let leaf = index >= 3
                return Stage(
                    feeder: index == 0 ? nil : Int.random(in: 0..<min(index, 3), using: &numbers),
                    transit: Int.random(in: 0...2, using: &numbers), supplierTime: Int.random(in: 0...1, using: &numbers),
                    holdingCost: 1 + numbers.unit() * Double(index), deviation: leaf ? 1 + 5 * numbers.unit() : 0,
                    promisedTime: leaf ? Int.random(in: 0...2, using: &numbers) : nil)
            }
            let best = try GuaranteedService(stages, factor: 1.6)
            var least = Double.infinity
            var times = [Int](repeating: 0, count: 5)
            func tryAll(_ index: Int) throws {
                guard index < 5 else {
                    let other = try GuaranteedService(stages, factor: 1.6, quoting: times)
                    let kept = zip(stages, other.placements).allSatisfy { $1.serviceTime <= $0.promisedTime ?? .max }
                    if kept { least = min(least, other.cost) }
                    return
                }
                for time in 0...(stages[index].promisedTime ?? 3 + 2 * index) {
                    times[index] = time
                    try tryAll(index + 1)
                }
            }
            try tryAll(0)
            #expect(isClose(best.cost, least, within: 1e-9))
        }
    }

    /// A central warehouse 15 days from its supplier, two regional ones a day away, three warehouses each; goods gain value on
    /// the way down.
    static let network: [Stage] =
        [Stage(feeder: nil, transit: 5, supplierTime: 10, holdingCost: 1)]
        + (0..<2).map { _ in Stage(feeder: 0, transit: 1, holdingCost: 1.1) }
        + (0..<6).map { Stage(feeder: 1 + $0 / 3, transit: 3, holdingCost: 1.15, deviation: 10, promisedTime: 0) }

    @Test func `saves stock against planning each location alone, at the same simulated service`() throws {
        let together = try GuaranteedService(Self.network, factor: 1.645)
        let alone = try GuaranteedService(
            Self.network, factor: 1.645, quoting: GuaranteedService.immediate(Self.network))
        let gain = 1 - together.cost / alone.cost
        func simulate(_ plan: GuaranteedService) -> NetworkSimulation.Achieved {
            NetworkSimulation(stages: Self.network, placements: plan.placements, mean: 40).run(periods: 20_000, seed: 17)
        }
        let (one, other) = (simulate(together), simulate(alone))
        #expect(isClose(gain, 0.078, within: 0.001))
        #expect(one.fillRate > other.fillRate - 0.002)
        #expect(isClose(1 - one.holdingCost / other.holdingCost, gain, within: 0.01))
    }

    @Test func `refuses a network that is none`() {
        func refusal(_ stages: [Stage], _ times: [Int]? = nil) -> String? {
            do throws(PolicyError) {
                _ = try GuaranteedService(stages, factor: 1, quoting: times)
                return nil
            } catch { return error.field }
        }
        #expect(refusal([Stage(feeder: 0, transit: 1, holdingCost: 1)]) == "stages[0].feeder")
        #expect(refusal([Stage(feeder: nil, transit: -1, holdingCost: 1)]) == "stages[0].transit")
        #expect(refusal([Stage(feeder: nil, transit: 1, holdingCost: .nan)]) == "stages[0].holdingCost")
        #expect(refusal([Stage(feeder: nil, transit: 1, holdingCost: 1)], [1, 2]) == "quoting")
        #expect(refusal([]) == nil)
    }
}
