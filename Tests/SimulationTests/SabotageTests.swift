import Simulation
import Storage
import Testing
import Vocabulary

/// Rule 23: before the simulation is trusted it is seen to catch something.
@Suite struct `A defect that was put in on purpose` {
    /// The first seed, of so many, in which it shows by one of the invariants named.
    private func isFound(
        by invariants: [String], within seeds: ClosedRange<UInt64> = 1...40, in weather: Weather, _ sabotage: Sabotage
    ) async throws -> Bool {
        for seed in seeds {
            let report = try await Simulation.tell(seed, weather: weather, sabotage: sabotage, stepLimit: 30_000)
            if report.violations.contains(where: { violation in invariants.contains { violation.hasPrefix($0) } }) { return true }
        }
        return false
    }

    @Test func `sending what is unknown again without looking is found`() async throws {
        var (weather, sabotage) = (Weather.calm, Sabotage())
        weather.manners.loseAnswer = 0.4
        sabotage.neverProbes = true
        #expect(try await isFound(by: ["I2"], in: weather, sabotage))
    }

    @Test func `calling before the attempt is written down is found`() async throws {
        var sabotage = Sabotage()
        sabotage.forgetsAttempts = true
        #expect(try await isFound(by: ["I2", "I5"], in: .calm, sabotage))
    }

    @Test func `acknowledging what is not stored is found`() async throws {
        var sabotage = Sabotage()
        sabotage.forgetsReceipts = true
        #expect(try await isFound(by: ["I1"], in: .calm, sabotage))
    }

    @Test func `going by the clocks of machines is found`() async throws {
        var (weather, sabotage) = (Weather.calm, Sabotage())
        weather.manners.applyLate = 0.4
        weather.skew = 600
        weather.setsClocks = true
        sabotage.trustsMachines = true
        #expect(try await isFound(by: ["I2"], in: weather, sabotage))
    }

    @Test func `chance that the seed does not own is found`() async throws {
        var sabotage = Sabotage()
        sabotage.chance = Randomness { UInt64.random(in: 0 ... .max) }
        let report = try await Simulation.check(1, weather: .calm, sabotage: sabotage)
        #expect(report.violations == ["told twice it came out differently"])
    }
}
