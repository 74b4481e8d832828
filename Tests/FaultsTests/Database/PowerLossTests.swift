import Foundation
import Server
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite struct `A machine that loses its power` {
    @Test(.timeLimit(.minutes(10)))
    func `Row 9: has everything that was acknowledged, whatever of the unsynced is lost or torn`() async throws {
        try await FaultWorld.during(.sqlite) { world in
            guard let library = try Durable.library(in: world.folder) else {
                return FaultRun.note(row: 9, "not run: no C compiler")
            }
            let dice = Randomness.seeded(9)
            let stream = SuggestionStream(world, every: .milliseconds(10))
            let rounds = FaultRun.size(4, long: 60)
            var (lost, torn) = (0, 0)
            try await stream.during {
                for round in 0..<rounds {
                    try Durable.settle(world.database)
                    let server = try world.start(dyingAt: nil, ["LD_PRELOAD": library, "PLIMSOLL_DURABLE": world.database])
                    defer { server.endAtOnce() }
                    stream.turn(to: try await server.line(beginning: "Plimsoll is ready at"))
                    let before = stream.acknowledged.count
                    try await eventually("the load runs", every: .milliseconds(5)) { stream.acknowledged.count > before + 3 }
                    try await Task.sleep(for: .milliseconds(Int(dice.fraction() * 300)))
                    server.endAtOnce()
                    stream.turn(to: nil)
                    _ = try await server.wasKilled()
                    let remainder = Durable.Remainder.allCases[round % 2]
                    let sectors = try await Durable.cutPower(world.database, remainder, dice)
                    lost += sectors.lost
                    torn += sectors.kept
                }
            }
            var reckoning: Reckoning?
            try await world.serving { _, client in reckoning = try await Reckoning.take(world, from: client) }
            let final = try #require(reckoning)
            FaultRun.note(
                row: 9, "embedded: \(rounds) cuts, \(lost) unsynced sectors lost and \(torn) kept at random; \(final)")
            expectWhole(final, stream)
            #expect(try await world.auditVerifies())
        }
    }
}
