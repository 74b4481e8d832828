import ConnectorKit
import Foundation
import Synchronization
import TestBackends
import Vocabulary

@testable import plimsoll

/// An ERP that counts for itself, and servers on a database that outlives them.
struct FaultWorld: Sendable {
    /// What a test wants otherwise than usual.
    struct Wish: Sendable {
        /// The `flow:` section of the configuration, as YAML in one line.
        var flow = "{}"
        /// Seconds after a lost call within which the ERP may still carry it out.
        var settles = "0.2"
        /// Further places in the ERP; each has ten shelves more.
        var branches = 0
        /// More lines of the configuration.
        var more = ""
        /// A server of the test's own to make the database on.
        var cluster: PostgresCluster?
        /// Where the database file or the checkpoints lie, when not in the test's own folder.
        var place: URL?
    }

    struct Shelf: Sendable, Hashable {
        let item: String
        let location: String
    }

    /// Items of the sample company that are stocked by the piece.
    private static let items = [
        "BRG-22210", "CPL-L095", "RSP-P100", "HRN-2PT", "CNT-25A", "MTR-1HP", "BIN-120",
        "FAN-PED", "EVC-7KW", "DRL-18V",
    ]

    static let decisionTable = """
        version: 1
        limits: {currency: USD, roles: {planner: 10000}}
        tolerances: {percent: 10, absolute: 5}
        approval: {dueHours: 8, escalateAfterHours: 24, escalateTo: operations, expireAfterHours: 72}
        rows:
          - name: everything
            reason: What is sent is looked at here, so nobody is asked.
            then: autoApprove
        """

    let folder: URL
    let configuration: String
    /// A file name, or a connection string of PostgreSQL's.
    let database: String
    let shelves: [Shelf]
    let erp: APIClient
    let key: String
    /// What the ERP had counted before the test began.
    let earlier: Int
    private let starts = Shared()

    private final class Shared: Sendable {
        let count = Mutex(0)
    }

    /// Runs `body` with an ERP whose shelves are all below their reorder points, and a server's database that has been told.
    static func during(_ backend: Backend, _ wish: Wish = Wish(), _ body: (FaultWorld) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            switch (backend, wish.cluster) {
            case (.sqlite, _):
                let place = wish.place ?? folder
                try await during(folder, database: place.appending(path: "plimsoll.sqlite").path, wish, body)
            case (.postgres, let cluster?): try await during(folder, database: try await cluster.newDatabase(), wish, body)
            case (.postgres, nil):
                try await withPostgresDatabase { conninfo, name in
                    try await during(folder, database: "\(conninfo) dbname=\(name)", wish, body)
                }
            }
        }
    }

    private static func during(
        _ folder: URL, database: String, _ wish: Wish, _ body: (FaultWorld) async throws -> Void
    ) async throws {
        let arguments = ["sandbox", "--port", "0", "--branches", String(wish.branches)]
        let process = try PlimsollProcess(arguments, output: folder.appending(path: "erp.txt"))
        defer { process.endAtOnce() }
        let erp = APIClient(server: try await process.line(beginning: "Sandbox ERP ready at"), key: "sandbox")
        do {
            let branches = wish.branches > 0 ? (1...wish.branches).map { "ATL-\($0)" } : []
            let shelves = items.flatMap { item in
                (["ATL", "EWR", "RNO"] + branches).map { Shelf(item: item, location: $0) }
            }
            let levels = JSONValue.object(
                ["reorderPoint": "900000", "safetyStock": "1", "orderUpTo": "1000000"].mapValues { .string($0) })
            for shelf in shelves {
                _ = try await erp.send("PUT", "/policies/\(shelf.item)/\(shelf.location)", body: levels)
            }
            let configuration = try write(folder, database, erp: erp.server, wish)
            try await body(try await begin(folder, configuration, database, shelves, erp))
        } catch {
            await erp.close()
            throw error
        }
        await erp.close()
    }

    private static func write(_ folder: URL, _ database: String, erp: String, _ wish: Wish) throws -> String {
        let table = folder.appending(path: "decision-table.yaml")
        try Data(decisionTable.utf8).write(to: table)
        let file = folder.appending(path: "plimsoll.yaml")
        let text = """
            database: "\(database)"
            auditKey: \(folder.appending(path: "audit.key").path)
            auditCheckpoints: \(folder.appending(path: "checkpoints.ndjson").path)
            decisionTable: \(table.path)
            listen: 127.0.0.1:0
            logLevel: error
            flow: \(wish.flow)
            systems:
              - name: erp
                connector: sandbox
                settings: {url: "\(erp)", key: sandbox, settlesSeconds: "\(wish.settles)"}
            \(wish.more)
            """
        try Data(text.utf8).write(to: file)
        return file.path
    }

    /// The server's first life: it makes its key, reads the ERP and is stopped in good order.
    private static func begin(
        _ folder: URL, _ configuration: String, _ database: String, _ shelves: [Shelf], _ erp: APIClient
    ) async throws -> FaultWorld {
        let process = try PlimsollProcess(["serve", "--config", configuration], output: folder.appending(path: "first.txt"))
        defer { process.endAtOnce() }
        let key = try await process.line(beginning: "Administrator key, shown this once:")
        let client = APIClient(server: try await process.line(beginning: "Plimsoll is ready at"), key: key)
        do {
            _ = try await client.post("/system/v1/systems/erp/sync")
        } catch {
            await client.close()
            throw error
        }
        await client.close()
        try await process.stop()
        let earlier = try await erp.get("/ledger")["totals.effects"].int ?? 0
        return FaultWorld(
            folder: folder, configuration: configuration, database: database, shelves: shelves, erp: erp, key: key,
            earlier: earlier)
    }

    /// Starts a server, to die at `failpoint` if one is given; its address is what it prints.
    func start(dyingAt failpoint: String? = nil, _ environment: [String: String] = [:]) throws -> PlimsollProcess {
        let number = starts.count.withLock { count in
            count += 1
            return count
        }
        let own = ["PLIMSOLL_FAILPOINT": failpoint ?? "", "PLIMSOLL_REPLICA": "replica-\(number)"]
        return try PlimsollProcess(
            ["serve", "--config", configuration], environment: own.merging(environment) { _, new in new },
            output: folder.appending(path: "server-\(number).txt"))
    }

    /// Runs `body` with a running server and a client of it, and stops the server in good order.
    func serving(
        _ environment: [String: String] = [:], _ body: (PlimsollProcess, APIClient) async throws -> Void
    ) async throws {
        let server = try start(environment)
        defer { server.endAtOnce() }
        let client = APIClient(server: try await server.line(beginning: "Plimsoll is ready at"), key: key)
        do { try await body(server, client) } catch {
            await client.close()
            throw error
        }
        await client.close()
        try await server.stop()
    }

    private func start(_ environment: [String: String]) throws -> PlimsollProcess { try start(dyingAt: nil, environment) }

    /// Tells the ERP how to behave.
    func misbehave(_ fields: [String: JSONValue]) async throws {
        _ = try await erp.post("/adversary", .object(fields))
    }

    /// The port that the ERP listens on.
    var erpPort: Int { URL(string: erp.server)?.port ?? 0 }

    /// The port of the database server.
    var databasePort: Int {
        let pair = database.split(separator: " ").first { $0.hasPrefix("port=") }
        return pair.flatMap { Int($0.dropFirst("port=".count)) } ?? 5432
    }

    /// The database as a server reaches it over `proxy`.
    func database(over proxy: LoopbackProxy) -> String {
        database.replacing("port=\(databasePort)", with: "port=\(proxy.port)")
    }

    /// Whether the audit chain verifies; no server may have an embedded database open.
    func auditVerifies(over database: String? = nil) async throws -> Bool {
        try await auditReport(over: database).isSound
    }

    /// The same with what the command says.
    func auditReport(over database: String? = nil) async throws -> (isSound: Bool, text: String) {
        let process = try PlimsollProcess(
            ["audit", "verify", "--config", configuration], environment: ["PLIMSOLL_DATABASE": database ?? self.database],
            output: folder.appending(path: "audit.txt"))
        return (try await process.status() == 0, try process.printed)
    }
}
