import ConnectorKit
import Foundation
import Vocabulary

/// The processes of a demonstration: an ERP, a server, and the people who use it.
struct DemoWorld {
    let folder: URL
    let erp: any DemoERP
    let server: ChildProcess
    let configuration: String
    /// The administrator's client, a planner's of her own, and that of the second pair of eyes.
    let administrator: APIClient
    let planner: APIClient
    let second: APIClient

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
        do {
            return DemoWorld(
                folder: folder, erp: erp, server: server, configuration: file, administrator: administrator,
                planner: APIClient(server: address, key: try await makeKey(of: "maria", ["planner", "buyer"], administrator)),
                second: APIClient(
                    server: address, key: try await makeKey(of: "ned", ["planner", "buyer", "operations"], administrator)))
        } catch {
            await administrator.close()
            server.stop()
            throw error
        }
    }

    private static func makeKey(of person: String, _ roles: [String], _ administrator: APIClient) async throws -> String? {
        let wanted: JSONValue = .object([
            "name": .string(person), "person": .string(person), "roles": .list(roles.map(JSONValue.string)),
        ])
        return try await administrator.post("/process/v1/api-keys", wanted)["key"].string
    }

    func stop() async {
        server.stop()
        await administrator.close()
        await planner.close()
        await second.close()
    }

    /// Waits until a recommendation is in one of these states.
    func wait(for id: String, _ states: String...) async throws -> JSONValue {
        for _ in 0..<600 {
            let row = try await planner.get("/process/v1/recommendations/\(escaped(id))")
            if states.contains(row["state"].shown) { return row }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw CommandFailure(
            message: "\(id) did not become \(states.joined(separator: " or ")) within two minutes.", code: .wrong)
    }

    /// Recommendations that wait for approval, with the given kind of action.
    func waiting(_ kind: String) async throws -> [JSONValue] {
        let answer = try await planner.get("/process/v1/recommendations?state=awaitingApproval&limit=500")
        return answer["recommendations"].list.filter { $0["action.kind"].string == kind }
    }

    /// maria approves, and ned where two people are asked.
    func approve(_ row: JSONValue, _ tell: (String) -> Void) async throws -> JSONValue {
        let path = "/process/v1/recommendations/\(escaped(row["id"].shown))/approval"
        let body: JSONValue = .object(["decision": row["decision"], "comment": .string("Looked at it in the demonstration.")])
        var answer = try await planner.post(path, body)
        tell("maria approves: \(answer["state"].shown). \(answer["reason"].string ?? "")")
        if answer["missing"].int ?? 0 > 0 {
            answer = try await second.post(path, body)
            tell("ned, the second pair of eyes, approves: \(answer["state"].shown). \(answer["reason"].string ?? "")")
        }
        return answer
    }
}

/// The ERP of a demonstration, and how to look into its books without Plimsoll.
protocol DemoERP {
    var connector: String { get }
    var settings: [String: String] { get }
    /// What this ERP is, in one line.
    var introduction: String { get }
    /// What its own books hold of a recommendation's action: under our reference, or as the very figures it asked for.
    func documents(of row: JSONValue) async throws -> [String]
    /// A person of the ERP orders by hand; returns the order's number.
    func orderByHand(item: String, location: String, quantity: String, unit: String, supplier: String, dueInDays: Int)
        async throws -> String
    /// Has the ERP lose its next answer after doing what it was asked; false when it cannot be told to.
    func loseNextAnswer() async throws -> Bool
    /// Lets go of it; a process of our own is ended.
    func close() async
    /// How many requests and effects the ERP counted, when it does.
    func ledger() async throws -> String?
}
