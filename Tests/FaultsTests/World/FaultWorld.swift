import Foundation
import TestBackends
import Vocabulary

@testable import plimsoll

/// An ERP that recognises no repetition and counts for itself, and a server on a database that outlives it.
struct FaultWorld: Sendable {
    /// Items of the sample company that are stocked by the piece.
    static let items = ["BRG-22210", "CPL-L095", "RSP-P100", "HRN-2PT", "CNT-25A", "MTR-1HP", "BIN-120", "FAN-PED", "EVC-7KW", "DRL-18V"]
    static let locations = ["ATL", "EWR", "RNO"]
    static let shelves = items.count * locations.count

    private static let decisionTable = """
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
    let erp: APIClient
    let key: String
    /// What the ERP had counted before the test began.
    let earlier: Int

    /// Runs `body` with an ERP whose shelves are all below their reorder points, and a server's database that has been told.
    static func during(_ backend: Backend, _ body: (FaultWorld) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            switch backend {
            case .sqlite: try await during(folder, database: folder.appending(path: "plimsoll.sqlite").path, body)
            case .postgres:
                try await withPostgresDatabase { conninfo, name in
                    try await during(folder, database: "\(conninfo) dbname=\(name)", body)
                }
            }
        }
    }

    private static func during(_ folder: URL, database: String, _ body: (FaultWorld) async throws -> Void) async throws {
        let process = try PlimsollProcess(["sandbox", "--port", "0"], output: folder.appending(path: "erp.txt"))
        defer { process.endAtOnce() }
        let erp = APIClient(server: try await process.line(beginning: "Sandbox ERP ready at"), key: "sandbox")
        do {
            for item in items {
                for location in locations {
                    let levels = ["reorderPoint": "900000", "safetyStock": "1", "orderUpTo": "1000000"]
                    _ = try await erp.send("PUT", "/policies/\(item)/\(location)", body: .object(levels.mapValues { .string($0) }))
                }
            }
            let configuration = try write(folder, database, erp: erp.server)
            try await body(try await begin(folder, configuration, erp))
        } catch {
            await erp.close()
            throw error
        }
        await erp.close()
    }

    private static func write(_ folder: URL, _ database: String, erp: String) throws -> String {
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
            systems:
              - name: erp
                connector: sandbox
                settings: {url: "\(erp)", key: sandbox, settlesSeconds: "0.2"}
            """
        try Data(text.utf8).write(to: file)
        return file.path
    }

    /// The server's first life: it makes its key, reads the ERP and is stopped in good order.
    private static func begin(_ folder: URL, _ configuration: String, _ erp: APIClient) async throws -> FaultWorld {
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
        return FaultWorld(folder: folder, configuration: configuration, erp: erp, key: key, earlier: earlier)
    }

    /// Starts the server, to die at `failpoint` if one is given; its address is what it prints.
    func start(dyingAt failpoint: String? = nil) throws -> PlimsollProcess {
        let environment = ["PLIMSOLL_FAILPOINT": failpoint ?? ""]
        return try PlimsollProcess(
            ["serve", "--config", configuration], environment: environment, output: folder.appending(path: "server.txt"))
    }

    /// Whether the audit chain verifies; the server must have been stopped.
    func auditVerifies() async throws -> Bool {
        let process = try PlimsollProcess(["audit", "verify", "--config", configuration], output: folder.appending(path: "audit.txt"))
        let status = try await process.status()
        if status != 0 { print(try process.printed) }
        return status == 0
    }
}
