import Foundation
import Server
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite(.enabled(if: Backend.available.contains(.postgres) && FaultRun.isLong, "make faults runs it."))
struct `A pair of PostgreSQL servers` {
    @Test(.timeLimit(.minutes(10)))
    func `Row 8: the synchronous standby takes over in the middle of the load, and nothing that was acknowledged is lost`()
        async throws
    {
        try await PostgresCluster.with { primary in
            try await primary.withCopy(["-R", "-X", "stream"]) { standby in
                try await primary.administer("ALTER SYSTEM SET synchronous_standby_names = '*'")
                try await primary.administer("SELECT pg_reload_conf()")
                try await FaultWorld.during(.postgres, FaultWorld.Wish(cluster: primary)) { world in
                    let both = world.database.replacing(
                        "host=127.0.0.1 port=\(primary.port)",
                        with: "host=127.0.0.1,127.0.0.1 port=\(primary.port),\(standby.port) target_session_attrs=read-write")
                    try await world.serving(["PLIMSOLL_DATABASE": both]) { _, client in
                        let stream = SuggestionStream(world, every: .milliseconds(10))
                        stream.turn(to: client.server)
                        var took = Duration.zero
                        try await stream.during {
                            try await eventually("the load runs") { stream.acknowledged.count > 50 }
                            let start = ContinuousClock.now
                            await primary.stop(.kill)
                            try await standby.administer("SELECT pg_promote()")
                            let before = stream.acknowledged.count
                            try await eventually("the standby acknowledges", every: .milliseconds(10)) {
                                stream.acknowledged.count > before
                            }
                            took = ContinuousClock.now - start
                            let now = stream.acknowledged.count
                            try await eventually("the load runs on") { stream.acknowledged.count > now + 50 }
                        }
                        let reckoning = try await Reckoning.take(world, from: client)
                        FaultRun.note(row: 8, "acknowledging again \(took.shown) after the primary was killed: \(reckoning)")
                        expectWhole(reckoning, stream)
                        #expect(took < .seconds(60))
                    }
                    #expect(try await world.auditVerifies(over: both))
                }
            }
        }
    }
}
