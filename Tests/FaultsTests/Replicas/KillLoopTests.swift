import Foundation
import Server
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite struct `A server that is killed again and again` {
    /// `PLIMSOLL_KILLS` asks for another number than the usual one.
    static let kills = ProcessInfo.processInfo.environment["PLIMSOLL_KILLS"].flatMap(Int.init) ?? FaultRun.size(6, long: 200)

    @Test(.timeLimit(.minutes(20)), arguments: Backend.available)
    func `Row 3: loses nothing that was acknowledged and does nothing twice`(backend: Backend) async throws {
        try await FaultWorld.during(backend) { world in
            let stream = SuggestionStream(world)
            let dice = Randomness.seeded(20_261_123)
            var (undisturbed, disturbed) = (Stretch(), Stretch())
            try await stream.during {
                if FaultRun.isLong { undisturbed = try await life(in: world, of: .seconds(15), stream) }
                for _ in 0..<Self.kills {
                    disturbed += try await life(in: world, of: .milliseconds(200 + Int(dice.fraction() * 800)), stream)
                }
            }
            let reckoning = try await reckon(world)
            let share = FaultRun.isLong ? ", \(Int(disturbed.perSecond / undisturbed.perSecond * 100)) % of undisturbed" : ""
            FaultRun.note(
                row: 3, "\(backend): \(Self.kills) kills, \(stream.acknowledged.count) acknowledged, \(reckoning)\(share)")

            // On a busy machine a server may die before it has acknowledged anything.
            #expect(stream.acknowledged.count >= Self.kills / 2)
            #expect(reckoning.lost(of: stream.acknowledged).map { "\($0) \(reckoning.states[$0] ?? "is gone")" } == [])
            #expect(reckoning.duplicates.isEmpty)
            #expect(reckoning.effects.values.allSatisfy { $0 <= 1 })
            #expect(reckoning.done.filter { reckoning.effects[$0] != 1 }.isEmpty)
            #expect(reckoning.effects.values.reduce(0, +) == reckoning.done.count)
            #expect(try await world.auditVerifies())
        }
    }

    /// How much was acknowledged while a server was there.
    private struct Stretch {
        var seconds = 0.0
        var acknowledged = 0

        var perSecond: Double { Double(acknowledged) / max(seconds, 0.001) }

        static func += (left: inout Stretch, right: Stretch) {
            left.seconds += right.seconds
            left.acknowledged += right.acknowledged
        }
    }

    /// Starts a server and kills it so long after it is ready.
    private func life(in world: FaultWorld, of duration: Duration, _ stream: SuggestionStream) async throws -> Stretch {
        let server = try world.start()
        defer { server.endAtOnce() }
        stream.turn(to: nil)
        let address = try await server.line(beginning: "Plimsoll is ready at")
        let (start, before) = (ContinuousClock.now, stream.acknowledged.count)
        stream.turn(to: address)
        try await Task.sleep(for: duration)
        server.endAtOnce()
        let stretch = Stretch(
            seconds: (ContinuousClock.now - start).inSeconds, acknowledged: stream.acknowledged.count - before)
        let wasKilled = try await server.wasKilled()
        let printed = try server.printed
        #expect(wasKilled, "It ended by itself: \(printed)")
        return stretch
    }

    /// Lets a last server finish what is left.
    private func reckon(_ world: FaultWorld) async throws -> Reckoning {
        var reckoning: Reckoning?
        try await world.serving { _, client in reckoning = try await Reckoning.take(world, from: client) }
        return try #require(reckoning)
    }
}
