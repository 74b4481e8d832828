import Foundation
import Vocabulary

@testable import plimsoll

/// What Plimsoll says became of each recommendation, beside what the ERP's own books say was done.
struct Reckoning: CustomStringConvertible {
    private static let open = ["received", "approved", "inflight", "unknown"]

    /// The state of each recommendation, by its id.
    let states: [String: String]
    /// References of what is done, goods and policies alike.
    let done: [String]
    let effects: [String: Int]
    let arrivals: Int
    let duplicates: [String]

    /// Waits until nothing is on its way any more, then asks both.
    static func take(_ world: FaultWorld, from server: APIClient) async throws -> Reckoning {
        for _ in 0..<1200 {
            let open = try await server.get("/process/v1/recommendations?state=\(open.joined(separator: ","))&limit=1")
            if open["recommendations"].list.isEmpty { return try await Reckoning(world, server) }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Fault.defect("Recommendations were still on their way after two minutes.")
    }

    private init(_ world: FaultWorld, _ server: APIClient) async throws {
        var states: [String: String] = [:]
        var done: [String] = []
        var after: String?
        repeat {
            let place = after.map { "&after=\(escaped($0))" } ?? ""
            let page = try await server.get("/process/v1/recommendations?limit=500\(place)")
            for row in page["recommendations"].list {
                states[row["id"].shown] = row["state"].shown
                if row["state"].string == "done" { done.append(row["reference"].shown) }
            }
            after = page["next"].string
        } while after != nil
        self.states = states
        self.done = done
        let ledger = try await world.erp.get("/ledger")
        var effects: [String: Int] = [:]
        if case .object(let entries) = ledger["references"] {
            for (reference, entry) in entries { effects[reference] = entry["effects"].int }
        }
        self.effects = effects
        arrivals = effects.isEmpty ? 0 : (ledger["totals.arrivals"].int ?? 0) - world.earlier
        duplicates = ledger["duplicates"].list.map(\.shown)
    }

    func count(_ state: String) -> Int { states.values.count { $0 == state } }

    /// Acknowledged, and yet neither carried out nor answered by a newer one.
    func lost(of acknowledged: [String]) -> [String] {
        acknowledged.filter { states[$0] != "done" && states[$0] != "superseded" }
    }

    var description: String {
        let byState = Dictionary(grouping: states.values) { $0 }.mapValues(\.count).sorted { $0.key < $1.key }
        return (byState.map { "\($0.value) \($0.key)" } + [
            "\(arrivals) arrivals", "\(effects.values.reduce(0, +)) effects", "\(duplicates.count) duplicates",
        ]).joined(separator: ", ")
    }
}
