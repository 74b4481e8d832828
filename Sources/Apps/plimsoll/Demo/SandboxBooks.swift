import ConnectorKit
import Foundation
import Server
import Vocabulary

/// The sandbox ERP in a demonstration: a process of its own, with books that can be looked into.
struct SandboxBooks: DemoERP {
    let process: ChildProcess
    let client: APIClient
    let connector = "sandbox"

    static func start() async throws -> SandboxBooks {
        let process = try ChildProcess(["sandbox", "--port", "0"])
        let address = try await process.line(beginning: "Sandbox ERP ready at")
        return SandboxBooks(process: process, client: APIClient(server: address, key: "sandbox"))
    }

    var settings: [String: String] { ["url": client.server, "key": "sandbox"] }

    var introduction: String {
        "A small ERP of our own at \(client.server): three regional warehouses, and no de-duplication whatever."
    }

    func documents(of row: JSONValue) async throws -> [String] {
        try await client.get("/documents?reference=\(escaped(row["reference"].shown))")["documents"].list.map {
            "\($0["kind"].shown) \($0["number"].shown)"
        }
    }

    func orderByHand(item: String, location: String, quantity: String, unit: String, supplier: String, dueInDays: Int)
        async throws -> String
    {
        let due = TimeZoneName.utc.date(at: WallClock.system.now()).adding(days: dueInDays)
        let answer = try await client.post(
            "/purchase-orders",
            .object([
                "item": .string(item), "location": .string(location), "supplier": .string(supplier),
                "quantities": .list([.string(quantity)]), "unit": .string(unit), "dueOn": .string(due.description),
            ]))
        return answer["number"].shown
    }

    func close() async {
        process.stop()
        await client.close()
    }

    func loseNextAnswer() async throws -> Bool {
        _ = try await client.post(
            "/adversary", .object(["mode": .string("drop"), "count": .number(1), "routes": .list([.string("writes")])]))
        return true
    }

    func ledger() async throws -> String? {
        let ledger = try await client.get("/ledger")
        return "\(ledger["totals.arrivals"].shown) requests reached the ERP, \(ledger["totals.effects"].shown) had an effect, "
            + "\(ledger["duplicates"].list.count) were done twice."
    }
}
