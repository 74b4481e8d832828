import Foundation
import Simulation
import Testing

@Suite(.serialized) struct `Simulated worlds` {
    /// `PLIMSOLL_SEEDS` asks for more than the usual number.
    static let seeds = ProcessInfo.processInfo.environment["PLIMSOLL_SEEDS"].flatMap(UInt64.init) ?? 16

    @Test func `a calm one comes to rest, and told twice it is the same`() async throws {
        let report = try await Simulation.check(1, weather: Weather.calm.short)
        #expect(report.violations == [])
        #expect(report.counts["kill"] == nil)
    }

    @Test(arguments: UInt64(1)...4)
    func `commits whose outcome nobody knows leave nothing behind`(seed: UInt64) async throws {
        var weather = Weather.calm.short
        weather.commitUnknown = 0.2
        let report = try await Simulation.tell(seed, weather: weather)
        #expect(report.violations == [])
    }

    @Test(.timeLimit(.minutes(10)), arguments: 1...seeds)
    func `every invariant holds, and told twice it is the same`(seed: UInt64) async throws {
        let report = try await Simulation.check(seed, weather: Weather.drawn(by: Dice(seed)).short)
        #expect(report.violations == [], "make simulate SEED=\(seed) SHORT=1 tells what happened")
    }
}
