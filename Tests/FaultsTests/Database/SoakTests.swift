import Foundation
import Server
import StoragePostgres
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite(.enabled(if: Backend.available.contains(.postgres) && FaultRun.isLong, "make faults runs it."))
struct `A PostgreSQL under load for long` {
    /// `PLIMSOLL_SOAK_SECONDS` asks for longer than a minute.
    static let seconds = ProcessInfo.processInfo.environment["PLIMSOLL_SOAK_SECONDS"].flatMap(Int.init) ?? 60

    @Test(.timeLimit(.minutes(600)))
    func `Row 46: beside a reader that keeps old versions alive it stays as quick, and its tables grow by what came`()
        async throws
    {
        try await FaultWorld.during(.postgres) { world in
            try await world.serving { _, client in
                let stream = SuggestionStream(world, every: .milliseconds(5))
                stream.turn(to: client.server)
                let start = ContinuousClock.now
                try await stream.during {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask {
                            try await PostgresDatabase.administer(
                                """
                                BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT COUNT(*) FROM replenishment;
                                SELECT pg_sleep(\(Self.seconds)); COMMIT
                                """, at: world.database)
                        }
                        try await group.waitForAll()
                    }
                }
                let took = ContinuousClock.now - start
                let reckoning = try await Reckoning.take(world, from: client)
                let latencies = stream.now.latencies
                let third = latencies.count / 3
                let (early, late) = (p99(latencies.prefix(third)), p99(latencies.suffix(third)))
                let rate = Int(Double(latencies.count) / took.inSeconds)
                FaultRun.note(
                    row: 46,
                    "\(took.shown) with an old reader, \(rate)/s: p99 of an acknowledgement \(early) ms in the first third, "
                        + "\(late) ms in the last; \(reckoning)")
                expectWhole(reckoning, stream)
                #expect(late < max(1000, 5 * early))
            }
            #expect(try await world.auditVerifies())
        }
    }

    /// In milliseconds.
    private func p99(_ latencies: ArraySlice<Duration>) -> Int {
        let sorted = latencies.sorted()
        return sorted.isEmpty ? 0 : Int(sorted[sorted.count * 99 / 100].inSeconds * 1000)
    }
}
