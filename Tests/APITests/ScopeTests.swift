import CanonicalModel
import Cycles
import Gateway
import Governance
import Replenishment
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct `A key for some locations sees and moves only those` {
    private struct Rows: Decodable {
        struct Row: Decodable { let id: String }

        let recommendations: [Row]
    }

    @Test(arguments: Backend.available)
    func `lists leave out what lies elsewhere`(backend: Backend) async throws {
        try await RunningServer.during(on: backend) { server in
            try await Network.stock(server)
            try await Network.recommend(
                server, Network.recommendation("r-north", at: "north"), Network.recommendation("r-south", at: "south"))
            let byRegion = try await server.key([.planner, .viewer], person: "nora", regions: ["emea"])
            let byLocation = try await server.key([.planner], person: "nils", locations: ["north"])
            for key in [byRegion, byLocation] {
                let rows = try await server.get("/process/v1/recommendations", as: key).decoded(Rows.self).recommendations
                #expect(rows.map(\.id) == ["r-north"])
                let paths = [
                    "locations", "policies", "balances", "forecasts", "supply", "exceptions", "service-levels", "lanes",
                    "outlook", "lead-times",
                ]
                for path in paths {
                    let answer = try await server.get("/consumption/v1/\(path)", as: key)
                    #expect(answer.status == 200)
                    #expect(!answer.text.contains("south"), "\(path): \(answer.text)")
                }
                #expect(try await server.get("/consumption/v1/balances", as: key).text.contains("north"))
                #expect(try await server.get("/consumption/v1/outlook", as: key).text.contains("There is no forecast."))
            }
        }
    }

    @Test func `what is guessed by its id is not there`() async throws {
        try await RunningServer.during { server in
            try await Network.stock(server)
            try await Network.recommend(server, Network.recommendation("r-south", at: "south"))
            let key = try await server.key([.planner, .operations], person: "nora", regions: ["emea"])
            let decision = try #require(try await Browsing(server.flow).detail("r-south").decision).id
            for path in ["/process/v1/recommendations/r-south", "/consumption/v1/recommendations/r-south/explanation"] {
                let answer = try await server.get(path, as: key)
                let unknown = try await server.get(path.replacing("r-south", with: "r-none"), as: key)
                #expect(answer.status == 404)
                // Word for word what is said of one that does not exist.
                #expect(answer.problem?.detail.replacing("r-south", with: "r-none") == unknown.problem?.detail)
            }
            let acts = [
                ("recommendations/r-south/approval", "{\"decision\":\"\(decision)\"}"),
                ("recommendations/r-south/rejection", #"{"reason":"no"}"#),
                ("recommendations/r-south/redecision", #"{"reason":"again"}"#),
                ("recommendations/r-south/settlement", #"{"wasDone":true,"reason":"seen"}"#),
                ("dead-letters/r-south/retry", "{}"),
            ]
            for (path, body) in acts {
                #expect(try await server.post("/process/v1/\(path)", body, as: key).status == 404, "\(path)")
            }
            #expect(try await server.get("/consumption/v1/demand?item=bolt&location=south", as: key).status == 404)
            #expect(try await Browsing(server.flow).detail("r-south").row.state == .awaitingApproval)
        }
    }

    @Test func `rows for elsewhere are refused one by one`() async throws {
        try await RunningServer.during { server in
            try await Network.stock(server)
            let key = try await server.key([.integration], person: "emeaFeed", regions: ["emea"])
            let recommendations = "[\(Network.recommendation("a", at: "north")),\(Network.recommendation("b", at: "south"))]"
            let answer = try await server.post("/process/v1/recommendations", recommendations, as: key)
            #expect(answer.status == 207)
            #expect(answer.text.contains("a location that the key is for"))
            let rows = "item,location,onHand\nbolt,north,5\nbolt,south,7\n"
            let feed = try await server.send(
                "POST", "/system/v1/feeds/balances?source=files", rows, key: key, type: "text/csv",
                headers: [:])
            #expect(feed.status == 207)
            let report = try feed.decoded(FeedAnswer.self)
            #expect(report.refused.map(\.row) == [3])
            #expect(report.taken == 1 || report.unchanged == 1 || report.updated == 1)
            let items = try await server.send(
                "POST", "/system/v1/feeds/items?source=files", Network.items, key: key, type: "text/csv")
            #expect(items.status == 403)
        }
    }

    @Test func `what cannot be divided by location needs a key for all`() async throws {
        try await RunningServer.during { server in
            let key = try await server.key([.operations, .integration, .viewer], person: "nora", regions: ["emea"])
            for path in ["/consumption/v1/events", "/consumption/v1/audit/export", "/consumption/v1/audit/verification"] {
                let answer = try await server.get(path, as: key)
                #expect(answer.status == 403)
                #expect(answer.problem?.code == "gateway.outOfScope")
            }
        }
    }

    @Test func `a cycle is seen where it reaches, and run by whom all of it concerns`() async throws {
        let plans = [CyclePlan(name: "network"), CyclePlan(name: "emea", regions: ["emea"])]
        try await RunningServer.during(plans: plans) { server in
            try await Network.stock(server)
            let emea = try await server.key([.planner], person: "nora", regions: ["emea"])
            #expect(try await server.post("/process/v1/cycles", #"{"plan":"network"}"#, as: emea).status == 403)
            let made = try await server.post("/process/v1/cycles", #"{"plan":"network"}"#)
            #expect(made.status == 201)
            let path = try #require(made.headers["location"])
            #expect(try await server.get(path, as: emea).status == 200)
            #expect(try await server.post("\(path)/run", as: emea).status == 403)
            let coverage = try await server.get("\(path)/coverage", as: emea)
            #expect(coverage.text.contains("north") && !coverage.text.contains("south"))
            let apac = try await server.key([.planner], person: "sam", locations: ["elsewhere"])
            #expect(try await server.get(path, as: apac).status == 404)
            #expect(try await server.post("/process/v1/cycles", #"{"plan":"emea"}"#, as: emea).status == 201)
        }
    }
}

struct FeedAnswer: Decodable {
    struct Row: Decodable {
        struct Violation: Decodable {
            let field: String
            let found: String?
            let expected: String
        }

        let row: Int
        let violations: [Violation]
    }

    let total: Int
    let taken: Int
    let created: Int
    let updated: Int
    let unchanged: Int
    let refusedTotal: Int
    let refused: [Row]
}
