import Foundation
import Server
import Storage
import StorageSQLite
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite struct `The file of an embedded database` {
    @Test(.timeLimit(.minutes(5)))
    func `Row 10: a second process is refused, and kills in the middle of checkpoints leave the file whole`() async throws {
        try await FaultWorld.during(.sqlite) { world in
            let dice = Randomness.seeded(10)
            let kills = FaultRun.size(4, long: 60)
            for round in 0..<kills {
                let server = try world.start()
                defer { server.endAtOnce() }
                let client = APIClient(server: try await server.line(beginning: "Plimsoll is ready at"), key: world.key)
                if round == 0 {
                    let second = try world.start()
                    let (status, printed) = (try await second.status(), try second.printed)
                    #expect(status != 0 && printed.contains("storage.locked"), "\(printed)")
                    #expect(try await !world.auditVerifies())
                    #expect(server.isRunning)
                }
                // Some thousand pages of the log: SQLite writes them back into the file each thousand.
                let loading = Task { try await load(client, round) }
                try await Task.sleep(for: .milliseconds(150 + Int(dice.fraction() * 500)))
                server.endAtOnce()
                _ = try await server.wasKilled()
                _ = await loading.result
                await client.close()
            }
            let database = try await SQLiteDatabase.open(path: world.database)
            let health: String? = try await database.read { try $0.value("PRAGMA integrity_check") }
            let rows: Int? = try await database.read { try $0.value("SELECT COUNT(*) FROM demand") }
            await database.close()
            FaultRun.note(row: 10, "\(kills) kills under bulk imports: integrity \(health ?? "-"), \(rows ?? 0) rows of demand")
            #expect(health == "ok")
            #expect(try await world.auditVerifies())
        }
    }

    /// Imports demand as fast as it goes until the server is gone.
    private func load(_ client: APIClient, _ round: Int) async throws {
        for batch in 0..<50 {
            let rows = (0..<500).map { number in
                let day = BusinessDate(dayNumber: Int32(10_000 + (round * 50 + batch) % 20 * 500 + number))
                return "BIN-120,\(["ATL", "EWR", "RNO"][batch % 3]),\(day),\(number + round)"
            }
            let text = "item,location,date,quantity\n" + rows.joined(separator: "\n") + "\n"
            _ = try await client.send(
                "POST", "/system/v1/feeds/demand?source=erp", contentType: "text/csv", Array(text.utf8))
        }
    }
}
