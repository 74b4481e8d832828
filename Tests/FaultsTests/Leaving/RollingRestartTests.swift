import Server
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

/// Replicas of one PostgreSQL are replaced one after the other, while senders send.
@Suite struct `A rolling restart` {
    static let rounds = FaultRun.size(1, long: 10)

    @Test(.timeLimit(.minutes(10)), .enabled(if: Backend.available.contains(.postgres)))
    func `Row 33: it answers at most one request in a thousand with a server error, and loses nothing`() async throws {
        try await FaultWorld.during(.postgres) { world in
            var replicas = [
                try await world.replica(), try await world.replica(), try await world.replica(),
            ]
            defer { for replica in replicas { replica.process.endAtOnce() } }
            let traffic = RestartTraffic(
                Suggestions(world, on: .system), key: world.key, addresses: replicas.map(\.client.server))
            try await traffic.flow(by: 3) {
                for _ in 0..<Self.rounds { try await traffic.restart(&replicas, in: world) }
            }
            let reckoning = try await Reckoning.take(world, from: replicas[0].client)
            FaultRun.note(row: 33, "\(Self.rounds * 3) restarts: \(traffic.figures); \(reckoning)")
            let figures = traffic.figures
            #expect(figures.acknowledged.count > 20)
            #expect(Double(figures.serverErrors) <= 0.001 * Double(figures.answers), "\(figures)")
            #expect(reckoning.lost(of: figures.acknowledged).isEmpty)
            #expect(reckoning.duplicates.isEmpty)
            for replica in replicas { try await replica.stop() }
            #expect(try await world.auditVerifies())
        }
    }
}
