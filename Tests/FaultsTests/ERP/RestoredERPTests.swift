import Server
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite struct `An ERP that changes behind our back` {
    /// A round each second, so that one cycle is soon over.
    private static let wish = FaultWorld.Wish(flow: "{reviewEverySeconds: 1}")

    @Test(.timeLimit(.minutes(5)))
    func `Row 21: what an ERP that was put back to its backup has lost is found within one round and not sent again`()
        async throws
    {
        try await FaultWorld.during(.sqlite, Self.wish) { world in
            try await world.serving { _, client in
                let suggestions = Suggestions(world, on: .system)
                _ = try await client.post("/process/v1/recommendations", .list((0..<6).map(suggestions.body)))
                #expect(try await Reckoning.take(world, from: client).count("done") == 6)
                let backup = try await world.erp.post("/snapshot")
                _ = try await client.post("/process/v1/recommendations", .list((6..<15).map(suggestions.body)))
                let before = try await Reckoning.take(world, from: client)
                #expect(before.count("done") == 15 && before.arrivals == 15)

                _ = try await world.erp.post("/restore", backup)
                let took = try await eventually("all nine are found missing") {
                    try await exceptions("effectVanished", at: client).count == 9
                }
                let after = try await Reckoning.take(world, from: client)
                FaultRun.note(row: 21, "9 of 15 effects lost by the ERP, found after \(took.shown) in rounds of 1 s: \(after)")
                #expect(try await exceptions("effectVanished", at: client) == (6..<15).map(suggestions.id).sorted())
                #expect(after.count("done") == 6 && after.count("held") == 9)
                #expect(after.arrivals == before.arrivals)
            }
            #expect(try await world.auditVerifies())
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `Row 45: every change that people make is found, and nothing else`() async throws {
        try await FaultWorld.during(.sqlite, Self.wish) { world in
            try await world.serving { _, client in
                let suggestions = Suggestions(world, on: .system)
                _ = try await client.post("/process/v1/recommendations", .list((0..<30).map(suggestions.body)))
                #expect(try await Reckoning.take(world, from: client).count("done") == 30)
                // Three rounds over a clean ERP find nothing.
                try await Task.sleep(for: .seconds(4))
                #expect(try await client.get("/consumption/v1/exceptions?limit=500")["exceptions"].list.isEmpty)

                let changed = try await drift(in: world, client)
                let took = try await eventually("all changes are found") {
                    try await exceptions("effectChanged", at: client).count >= changed.count
                }
                try await Task.sleep(for: .seconds(3))
                #expect(try await exceptions("effectChanged", at: client) == changed)
                #expect(try await exceptions("effectVanished", at: client).isEmpty)
                let after = try await Reckoning.take(world, from: client)
                FaultRun.note(
                    row: 45, "\(changed.count) of 30 changed, all found in \(took.shown) in rounds of 1 s, none else: \(after)")
                #expect(after.arrivals == 30 + changed.count)
            }
        }
    }

    /// Changes the amount of some documents and cancels others, as a buyer does.
    ///
    /// - Returns: the recommendations that these documents came of, sorted.
    private func drift(in world: FaultWorld, _ client: APIClient) async throws -> [String] {
        var changed: [String] = []
        let page = try await client.get("/process/v1/recommendations?state=done&limit=500")
        let goods = page["recommendations"].list.filter { $0["recommendation.proposal.replenishment"] != .null }
        for (index, row) in goods.prefix(9).enumerated() {
            let documents = try await world.erp.get("/documents?reference=\(row["reference"].shown)")
            let line = documents["documents.0.lines.0"]
            guard let id = line["id"].string else { continue }
            switch index % 3 {
            case 0:
                let body = ["line": id, "quantity": "1000", "unit": line["askedUnit"].shown]
                _ = try await world.erp.post("/amendments", .object(body.mapValues { .string($0) }))
            case 1: _ = try await world.erp.post("/cancellations", .object(["line": .string(id)]))
            default: continue
            }
            changed.append(row["id"].shown)
        }
        #expect(changed.count == 6)
        return changed.sorted()
    }

    /// What open exceptions of one kind are about, sorted.
    private func exceptions(_ kind: String, at client: APIClient) async throws -> [String] {
        let page = try await client.get("/consumption/v1/exceptions?limit=500")
        return page["exceptions"].list.filter { $0["kind"].string == kind }.map { $0["subject"].shown }.sorted()
    }
}
