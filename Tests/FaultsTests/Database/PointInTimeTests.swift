import Foundation
import Server
import StoragePostgres
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite(.enabled(if: Backend.available.contains(.postgres) && FaultRun.isLong, "make faults runs it."))
struct `A PostgreSQL that is put back to a moment` {
    @Test(.timeLimit(.minutes(10)))
    func `Row 48: what was sent after that moment is adopted from the ERP and not sent again`() async throws {
        try await withTemporaryFolder { archive in
            chmod(archive.path, 0o777)
            let archiving = ["archive_mode=on", "archive_command=cp %p \(archive.path)/%f"]
            try await PostgresCluster.with(archiving) { cluster in
                try await FaultWorld.during(.postgres, FaultWorld.Wish(cluster: cluster)) { world in
                    try await cluster.withCopy(["-X", "none"], starting: false) { copy in
                        let suggestions = Suggestions(world, on: .system)
                        let moment = try await live(in: world, suggestions)
                        try await cluster.administer("SELECT pg_switch_wal()")
                        await cluster.stop(.fast)
                        try Data().write(to: copy.data.appending(path: "recovery.signal"))
                        try await copy.own("recovery.signal")
                        try await copy.start([
                            "restore_command=cp \(archive.path)/%f %p", "recovery_target_time=\(moment)",
                            "recovery_target_action=promote",
                        ])
                        let database = world.database.replacing("port=\(cluster.port)", with: "port=\(copy.port)")
                        try await eventually("it has been promoted") {
                            do {
                                try await PostgresDatabase.administer("CREATE TABLE promoted (x INT)", at: database)
                                return true
                            } catch { return false }
                        }
                        try await adopt(suggestions, in: world, over: database)
                    }
                }
            }
        }
    }

    /// Some are done, some approved and not sent, and some have not come yet: the moment. Then all are done.
    private func live(in world: FaultWorld, _ suggestions: Suggestions) async throws -> String {
        var moment = ""
        try await world.serving { _, client in
            _ = try await client.post("/process/v1/recommendations", .list((0..<6).map(suggestions.body)))
            #expect(try await Reckoning.take(world, from: client).count("done") == 6)
            try await world.misbehave([
                "mode": .string("throttle429"), "seconds": .number(5), "routes": .list([.string("writes")]),
            ])
            _ = try await client.post("/process/v1/recommendations", .list((6..<12).map(suggestions.body)))
            try await eventually("they wait to be sent again") { try await count(["approved"], atMost: 6, at: client) == 6 }
            try await Task.sleep(for: .seconds(1))
            moment = WallClock.system.now().description.replacing("T", with: " ").replacing("Z", with: "+00")
            try await Task.sleep(for: .seconds(1))
            try await world.misbehave(["mode": .string("ok")])
            _ = try await client.post("/process/v1/recommendations", .list((12..<18).map(suggestions.body)))
            #expect(try await Reckoning.take(world, from: client).count("done") == 18)
        }
        return moment
    }

    private func adopt(_ suggestions: Suggestions, in world: FaultWorld, over database: String) async throws {
        let arrivals = try await world.erp.get("/ledger")["totals.arrivals"].int
        let restoring = try PlimsollProcess(
            ["restore", "--config", world.configuration], environment: ["PLIMSOLL_DATABASE": database],
            output: world.folder.appending(path: "restore.txt"))
        let (status, said) = (try await restoring.status(), try restoring.printed)
        #expect(status == 0, "\(said)")
        try await world.serving(["PLIMSOLL_DATABASE": database]) { _, client in
            #expect(try await Reckoning.take(world, from: client).states.count == 12)
            _ = try await client.post("/system/v1/systems/erp/sync")
            // The planner sends again what the database has forgotten.
            let sent = 18
            _ = try await client.post("/process/v1/recommendations", .list((12..<18).map(suggestions.body)))
            let reckoning = try await Reckoning.take(world, from: client)
            let adopted = try await auditEntries(of: "recommendation.adopted", at: client)
            FaultRun.note(row: 48, "put back to a moment before 12 of \(sent) were sent: \(adopted) adopted; \(reckoning)")
            // What the ERP has already is adopted, or is nothing to be done any more: a policy that holds, goods on their way.
            #expect(reckoning.states.count == sent && adopted >= 6)
            #expect(reckoning.states.values.allSatisfy { ["done", "rejected"].contains($0) }, "\(reckoning)")
            #expect(reckoning.duplicates.isEmpty)
            let now = try await world.erp.get("/ledger")["totals.arrivals"].int
            #expect(now == arrivals, "Something was sent again.")
        }
    }
}
