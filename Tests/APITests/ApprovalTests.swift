import CanonicalModel
import Cycles
import Gateway
import Governance
import Replenishment
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct `People decide over HTTP` {
    private struct Shown: Decodable {
        let state: String
        let decision: String?
        let item: String
    }

    @Test(arguments: Backend.available)
    func `a recommendation is accepted, decided, shown, approved and explained`(backend: Backend) async throws {
        try await RunningServer.during(on: backend) { server in
            try await Network.stock(server)
            try await Network.recommend(server, Network.recommendation("cycle 1|goods|bolt|north", at: "north"))
            let path = "/process/v1/recommendations/cycle%201%7Cgoods%7Cbolt%7Cnorth"
            let shown = try await server.get(path).decoded(Shown.self)
            #expect(shown.state == "awaitingApproval")
            let decision = try #require(shown.decision)
            let maria = try await server.key([.planner, .buyer], person: "maria")
            let stale = try await server.post("\(path)/approval", #"{"decision":"another"}"#, as: maria)
            #expect(stale.status == 412)
            let approved = try await server.post(
                "\(path)/approval", #"{"comment":"fine"}"#, as: maria, headers: ["If-Match": "\"\(decision)\""])
            #expect(approved.status == 200, "\(approved.text)")
            #expect(try approved.decoded(ApprovalDesk.Answer.self).state == .approved)
            let late = try await server.post("\(path)/rejection", #"{"reason":" "}"#, as: maria)
            #expect(late.status == 422)
            let explanation = try await server.get("/consumption/v1" + path.dropFirst("/process/v1".count) + "/explanation")
            #expect(explanation.status == 200)
            #expect(explanation.text.contains(#""isReproducible":true"#))
            #expect(explanation.text.contains(#""by":"maria""#))
            let events = try await server.get("/consumption/v1/events?type=plimsoll.recommendation.approved")
            #expect(events.text.contains(#""type":"plimsoll.recommendation.approved""#))
            let audit = try await server.get("/consumption/v1/audit/verification")
            #expect(audit.text.contains(#""isSound":true"#), "\(audit.text)")
            let lines = try await server.get("/consumption/v1/audit/export").text.split(separator: "\n")
            #expect(lines.count == 2, "One for what came in and was decided at once, one for the approval.")
        }
    }

    @Test func `Row 42: nobody approves what they proposed`() async throws {
        try await RunningServer.during { server in
            try await Network.stock(server)
            let maria = try await server.key([.planner, .buyer], person: "maria")
            let forged = try await server.post(
                "/process/v1/recommendations", Network.recommendation("r", at: "north", proposedBy: "nobody"), as: maria)
            #expect(forged.status == 422)
            #expect(forged.problem?.violations?.first?.field == "proposedBy")
            let taken = try await server.post("/process/v1/recommendations", Network.recommendation("r", at: "north"), as: maria)
            #expect(taken.status == 202)
            _ = try await DecisionStage(server.flow).run()
            let decision = try #require(try await server.get("/process/v1/recommendations/r").decoded(Shown.self).decision)
            let own = try await server.post(
                "/process/v1/recommendations/r/approval", "{\"decision\":\"\(decision)\"}", as: maria)
            #expect(own.status == 403)
            #expect(own.problem?.code == "governance.ownProposal")
            let paul = try await server.key([.planner], person: "paul")
            let other = try await server.post(
                "/process/v1/recommendations/r/approval", "{\"decision\":\"\(decision)\"}", as: paul)
            #expect(other.status == 200)
        }
    }

    @Test func `a deputy approves with lent roles, which only their holder can lend`() async throws {
        try await RunningServer.during { server in
            try await Network.stock(server)
            try await Network.recommend(server, Network.recommendation("r", at: "north"))
            let maria = try await server.key([.planner], person: "maria")
            let olaf = try await server.key([.operations], person: "olaf")
            let decision = try #require(try await server.get("/process/v1/recommendations/r").decoded(Shown.self).decision)
            let body = "{\"decision\":\"\(decision)\",\"onBehalfOf\":\"maria\"}"
            #expect(try await server.post("/process/v1/recommendations/r/approval", body, as: olaf).status == 403)
            let until = #""validUntil":"2026-03-09T00:00:00Z""#
            let taken = try await server.post(
                "/process/v1/delegations", "{\"from\":\"maria\",\"to\":\"olaf\",\"roles\":[\"planner\"],\(until)}", as: olaf)
            #expect(taken.status == 403)
            let unheld = try await server.post(
                "/process/v1/delegations", "{\"to\":\"olaf\",\"roles\":[\"buyer\"],\(until)}", as: maria)
            #expect(unheld.status == 422)
            let given = try await server.post(
                "/process/v1/delegations", "{\"to\":\"olaf\",\"roles\":[\"planner\"],\(until)}", as: maria)
            #expect(given.status == 201)
            let approved = try await server.post("/process/v1/recommendations/r/approval", body, as: olaf)
            #expect(approved.status == 200, "\(approved.text)")
        }
    }

    @Test func `the same recommendation twice is one, and another one under its id is refused`() async throws {
        try await RunningServer.during { server in
            try await Network.stock(server)
            let key = try await server.key([.integration])
            let row = Network.recommendation("r", at: "north")
            #expect(try await server.post("/process/v1/recommendations", row, as: key).status == 202)
            let again = try await server.post("/process/v1/recommendations", row, as: key)
            #expect(again.status == 202)
            #expect(again.text.contains(#""status":"duplicate""#))
            let other = try await server.post(
                "/process/v1/recommendations", Network.recommendation("r", at: "north", quantity: 150), as: key)
            #expect(other.status == 422)
            let lines =
                "\(row.replacing("\n", with: ""))\n\nno "
                + "json\n\(Network.recommendation("s", at: "south").replacing("\n", with: ""))\n"
            let batch = try await server.send(
                "POST", "/process/v1/recommendations", lines, key: key, type: "application/x-ndjson")
            #expect(batch.status == 207)
            #expect(batch.text.contains(#""accepted":1,"duplicate":1"#), "\(batch.text)")
            #expect(batch.text.contains(#""row":3"#))
        }
    }

    @Test func `a decision table is put in force whole or not at all`() async throws {
        try await RunningServer.during { server in
            let before = try await server.get("/process/v1/decision-table")
            let broken = try await server.send(
                "PUT", "/process/v1/decision-table", "version: 1\nrows: []\n", key: server.administrator, type: "application/yaml"
            )
            #expect(broken.status == 422)
            #expect(broken.problem?.violations?.isEmpty == false)
            #expect(try await server.get("/process/v1/decision-table").text == before.text)
            let stricter = DecisionTable.standardText.replacing("changePercent: \"< 10\"", with: "changePercent: \"< 5\"")
            let adopted = try await server.send(
                "PUT", "/process/v1/decision-table", stricter, key: server.administrator, type: "application/yaml",
                headers: ["If-Match": try #require(before.headers["etag"])])
            #expect(adopted.status == 200, "\(adopted.text)")
            let after = try await server.get("/process/v1/decision-table")
            #expect(after.text.contains(#""number":1"#))
            #expect(after.headers["etag"] != before.headers["etag"])
            let late = try await server.send(
                "PUT", "/process/v1/decision-table", stricter, key: server.administrator, type: "application/yaml",
                headers: ["If-Match": try #require(before.headers["etag"])])
            #expect(late.status == 412)
            // Another process finds it in the database.
            server.flow.policies.adopt(try DecisionTable.standard)
            let restored = try await DecisionTables(server.flow).restore()
            #expect(restored?.version == server.flow.policies.current.policyVersion)
        }
    }
}
