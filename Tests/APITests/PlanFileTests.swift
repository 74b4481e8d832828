import Cycles
import Gateway
import Governance
import TestBackends
import Testing
import Vocabulary

@Suite struct `An outside platform delivers by file` {
    let forecasts = """
        item,location,version,method,start,periodDays,mean,levels,quantiles
        bolt,north,1,theirs,2026-03-02,7,10 11 12,0.5 0.9,10 11 12 | 15 16 17
        bolt,south,1,theirs,2026-03-02,7,ten,,
        bolt,south,1,theirs,2026-03-02,7,4 5 6,,

        """
    let plans = [
        CyclePlan(name: "emea", regions: ["emea"], source: "forecastCloud"),
        CyclePlan(name: "apac", regions: ["apac"], source: "forecastCloud"),
    ]

    func bring(
        _ feed: String, _ rows: String, to server: RunningServer, cycle: String? = nil, key: String? = nil
    ) async throws -> (status: Int, report: FeedAnswer) {
        let query = "source=forecastCloud" + (cycle.map { "&cycle=\($0)" } ?? "")
        let answer = try await server.send(
            "POST", "/system/v1/feeds/\(feed)?\(query)", rows, key: key ?? server.administrator, type: "text/csv")
        try #require(answer.status < 300, "\(answer.text)")
        return (Int(answer.status), try answer.decoded(FeedAnswer.self))
    }

    @Test(arguments: Backend.available)
    func `and each forecast counts for the cycle that expects its position`(backend: Backend) async throws {
        try await RunningServer.during(on: backend, plans: plans) { server in
            try await Network.stock(server)
            let none = try await bring("forecasts", forecasts, to: server)
            #expect(none.report.refusedTotal == 3)
            #expect(none.report.refused.first?.violations.first?.expected.contains("there is none") == true)
            var paths: [String] = []
            for plan in ["emea", "apac"] {
                let opened = try await server.post("/process/v1/cycles", #"{"plan":"\#(plan)"}"#)
                paths.append(try #require(opened.headers["location"]))
            }
            let (status, report) = try await bring("forecasts", forecasts, to: server)
            #expect(status == 207)
            #expect([report.total, report.taken, report.refusedTotal] == [3, 2, 1])
            #expect(report.refused.map(\.row) == [3])
            #expect(report.refused.first?.violations.first?.field == "mean")
            for path in paths {
                #expect(try await server.get("\(path)/coverage").text.contains(#""uncovered":[]"#))
                #expect(try await server.post("\(path)/close").text.contains(#""state":"closed""#))
            }
        }
    }

    @Test(arguments: Backend.available)
    func `and the same file again changes nothing`(backend: Backend) async throws {
        try await RunningServer.during(on: backend, plans: [plans[0]]) { server in
            try await Network.stock(server)
            let opened = try await server.post("/process/v1/cycles", #"{"plan":"emea"}"#)
            let cycle = try #require(opened.headers["location"]?.split(separator: "/").last).description
            let rows = forecasts.split(separator: "\n").prefix(2).joined(separator: "\n")
            #expect(try await bring("forecasts", rows, to: server).report.taken == 1)
            #expect(try await bring("forecasts", rows, to: server).report.unchanged == 1)
            let key = try await server.key([.integration], person: "forecastCloud")
            let recommendations = """
                id,item,location,proposal.replenishment.quantity,proposal.replenishment.unit,neededBy,madeAt
                r-1,bolt,north,140,C62,2026-03-16,2026-03-02T07:00:00Z
                r-2,bolt,north,many,C62,2026-03-16,2026-03-02T07:00:00Z

                """
            let first = try await bring("recommendations", recommendations, to: server, cycle: cycle, key: key)
            #expect([first.report.taken, first.report.refusedTotal] == [1, 1])
            #expect(first.report.refused.first?.row == 3)
            #expect(try await server.get("/process/v1/recommendations/r-1").text.contains(cycle))
            #expect(try await server.post("/process/v1/cycles/\(cycle)/close", #"{"force":true}"#).status == 200)
            let again = try await bring("recommendations", recommendations, to: server, cycle: cycle, key: key)
            #expect([again.report.taken, again.report.unchanged] == [0, 1])
        }
    }

    @Test func `and speaks for nobody else`() async throws {
        try await RunningServer.during(plans: [plans[0], CyclePlan(name: "own")]) { server in
            try await Network.stock(server)
            _ = try await server.post("/process/v1/cycles", #"{"plan":"emea"}"#)
            let own = try await server.post("/process/v1/cycles", #"{"plan":"own"}"#)
            let cycle = try #require(own.headers["location"]?.split(separator: "/").last).description
            let rows = "source,item,location,version,method,start,periodDays,mean\nplimsoll,bolt,north,1,x,2026-03-02,7,1 2\n"
            let report = try await bring("forecasts", rows, to: server).report
            #expect(report.taken == 0)
            #expect(report.refused.first?.violations.first?.field == "source")
            let foreign = try await server.send(
                "POST", "/system/v1/feeds/forecasts?source=forecastCloud&cycle=\(cycle)", rows, key: server.administrator,
                type: "text/csv")
            #expect(foreign.status == 409, "\(foreign.text)")
        }
    }
}
