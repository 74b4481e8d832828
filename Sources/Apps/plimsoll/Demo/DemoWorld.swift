import ConnectorKit
import Foundation
import Vocabulary

/// The processes of a demonstration: an ERP, a server, and the people who use it.
struct DemoWorld {
    let folder: URL
    let erp: any DemoERP
    let server: ChildProcess
    let configuration: String
    /// The administrator's client, and a planner's of her own.
    let administrator: APIClient
    let planner: APIClient


    /// Starts the server on an embedded database in a folder of its own, with the ERP as its only system.
    static func start(_ erp: any DemoERP, in folder: URL) async throws -> DemoWorld {
        let file = folder.appending(path: "plimsoll.yaml").path
        let text = """
            database: \(folder.appending(path: "plimsoll.sqlite").path)
            auditKey: \(folder.appending(path: "audit.key").path)
            auditCheckpoints: \(folder.appending(path: "checkpoints.ndjson").path)
            listen: 127.0.0.1:0
            logLevel: error
            systems:
              - name: erp
                connector: \(erp.connector)
                settings:
            \(erp.settings.sorted { $0.key < $1.key }.map { "      \($0.key): \"\($0.value)\"" }.joined(separator: "\n"))
            plans:
              - name: network
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        let server = try ChildProcess(["serve", "--config", file])
        let key = try await server.line(beginning: "Administrator key, shown this once:")
        let address = try await server.line(beginning: "Plimsoll is ready at")
        let administrator = APIClient(server: address, key: key)
        let made: JSONValue
        do {
            made = try await administrator.post(
                "/process/v1/api-keys",
                .object(["name": .string("maria"), "person": .string("maria"), "roles": .list([.string("planner"), .string("buyer")])]))
        } catch {
            await administrator.close()
            server.stop()
            throw error
        }
        return DemoWorld(
            folder: folder, erp: erp, server: server, configuration: file, administrator: administrator,
            planner: APIClient(server: address, key: made["key"].string))
    }

    func stop() async {
        server.stop()
        await administrator.close()
        await planner.close()
    }

    /// Waits until a recommendation is in one of these states.
    func wait(for id: String, _ states: String...) async throws -> JSONValue {
        for _ in 0..<600 {
            let row = try await planner.get("/process/v1/recommendations/\(escaped(id))")
            if states.contains(row["state"].shown) { return row }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw CommandFailure(message: "\(id) did not become \(states.joined(separator: " or ")) within two minutes.", code: .wrong)
    }

    /// Recommendations that wait for approval, with the given kind of action.
    func waiting(_ kind: String) async throws -> [JSONValue] {
        let answer = try await planner.get("/process/v1/recommendations?state=awaitingApproval&limit=500")
        return answer["recommendations"].list.filter { $0["action.kind"].string == kind }
    }

    func approve(_ row: JSONValue) async throws -> JSONValue {
        try await planner.post(
            "/process/v1/recommendations/\(escaped(row["id"].shown))/approval",
            .object(["decision": row["decision"], "comment": .string("Looked at it in the demonstration.")]))
    }
}

/// The ERP of a demonstration, and how to look into its books without Plimsoll.
protocol DemoERP {
    var connector: String { get }
    var settings: [String: String] { get }
    /// What this ERP is, in one line.
    var introduction: String { get }
    /// What its own books hold under one of our references.
    func documents(under reference: String) async throws -> [String]
    /// A person of the ERP orders by hand; returns the order's number.
    func orderByHand(item: String, location: String, quantity: String, unit: String, supplier: String, dueInDays: Int) async throws -> String
    /// Has the ERP lose its next answer after doing what it was asked; false when it cannot be told to.
    func loseNextAnswer() async throws -> Bool
    /// Lets go of it; a process of our own is ended.
    func close() async
    /// How many requests and effects the ERP counted, when it does.
    func ledger() async throws -> String?
}
