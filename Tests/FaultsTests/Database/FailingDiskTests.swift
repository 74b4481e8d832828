import Foundation
import Server
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

/// The embedded database on a disk whose syncs fail. PostgreSQL ends itself then, and starts anew from its log.
@Suite struct `A disk that fails while it syncs` {
    @Test(.timeLimit(.minutes(5)), arguments: ["-wal", ""])
    func `Row 28: ends all writing at once, also when the next sync would succeed, and loses nothing that was acknowledged`(
        file: String
    ) async throws {
        try await FaultWorld.during(.sqlite) { world in
            guard let library = try Durable.library(in: world.folder) else {
                return FaultRun.note(row: 28, "not run: no C compiler")
            }
            try Durable.settle(world.database)
            let stream = SuggestionStream(world, every: .milliseconds(5))
            var refused = 0
            try await stream.during {
                let server = try world.start(dyingAt: nil, ["LD_PRELOAD": library, "PLIMSOLL_DURABLE": world.database])
                defer { server.endAtOnce() }
                let client = APIClient(server: try await server.line(beginning: "Plimsoll is ready at"), key: world.key)
                stream.turn(to: client.server)
                try await eventually("the load runs") { stream.acknowledged.count > 10 }
                let trigger = world.database + file + ".fails"
                try Data().write(to: URL(fileURLWithPath: trigger))
                try await eventually("it says that it is not ready") { (try? await client.get("/readyz")) == nil }
                try FileManager.default.removeItem(atPath: trigger)

                let acknowledged = stream.acknowledged.count
                let before = stream.now.statuses[503] ?? 0
                try await eventually("senders are turned away") { (stream.now.statuses[503] ?? 0) > before + 10 }
                refused = stream.now.statuses[503] ?? 0
                #expect(stream.acknowledged.count == acknowledged)
                // What is there can be looked at, and the log says what is wrong.
                let page = try await client.get("/process/v1/recommendations?limit=1")
                #expect(page["recommendations"].list.count == 1)
                try await eventually("it says why") { try server.printed.contains("The disk failed while it synced") }
                await client.close()
                server.endAtOnce()
                stream.turn(to: nil)
                _ = try await server.wasKilled()
                _ = try await Durable.cutPower(world.database, .nothing, .seeded(28))
            }
            var reckoning: Reckoning?
            try await world.serving { _, client in reckoning = try await Reckoning.take(world, from: client) }
            let final = try #require(reckoning)
            let name = file.isEmpty ? "the file, as the log was written back" : "the log, in a commit"
            FaultRun.note(
                row: 28,
                "embedded, a sync of \(name) failed: \(stream.acknowledged.count) acknowledged, \(refused) refused; \(final)")
            expectWhole(final, stream)
            #expect(try await world.auditVerifies())
        }
    }
}
