import Foundation
import Server
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite struct `A database that somebody puts back in secret` {
    @Test(.timeLimit(.minutes(5)))
    func `Row 43: is caught by the checkpoints that were signed outside it`() async throws {
        try await FaultWorld.during(.sqlite) { world in
            let suggestions = Suggestions(world, on: .system)
            try await world.serving { _, client in
                _ = try await client.post("/process/v1/recommendations", .list((0..<3).map(suggestions.body)))
                _ = try await Reckoning.take(world, from: client)
            }
            let file = URL(fileURLWithPath: world.database)
            let earlier = world.folder.appending(path: "earlier.sqlite")
            try FileManager.default.copyItem(at: file, to: earlier)
            try await world.serving { _, client in
                _ = try await client.post("/process/v1/recommendations", .list((3..<6).map(suggestions.body)))
                _ = try await Reckoning.take(world, from: client)
            }
            #expect(try await world.auditVerifies())
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file.path + suffix) }
            try FileManager.default.copyItem(at: earlier, to: file)
            let (isSound, text) = try await world.auditReport()
            #expect(!isSound && text.contains("checkpoint"), "\(text)")
            FaultRun.note(row: 43, text.split(separator: "\n").last.map(String.init) ?? "")

            // With the checkpoints of that moment nobody could tell: they must lie where the database's owner cannot write.
            try Data().write(to: world.folder.appending(path: "checkpoints.ndjson"))
            #expect(try await world.auditVerifies())
        }
    }
}
