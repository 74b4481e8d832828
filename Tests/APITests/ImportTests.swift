import CanonicalModel
import Cycles
import Gateway
import Governance
import Replenishment
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct `Files come in row by row` {
    @Test(arguments: Backend.available)
    func `a bad row is named and the rest is taken`(backend: Backend) async throws {
        try await RunningServer.during(on: backend) { server in
            try await Network.stock(server)
            let rows =
                "item,location,date,quantity\nbolt,north,2026-02-01,5\nbolt,north,yesterday,5\n"
                + "bolt,north,2026-02-03,-1\nbolt,north,2026-02-04,7\n"
            let answer = try await server.send(
                "POST", "/system/v1/feeds/demand?source=files", rows, key: server.administrator, type: "text/csv")
            #expect(answer.status == 207)
            let report = try answer.decoded(FeedAnswer.self)
            #expect(report.total == 4)
            #expect(report.taken == 2)
            #expect(report.refusedTotal == 2)
            #expect(report.refused.map(\.row) == [3, 4])
            #expect(report.refused.first?.violations.first?.field == "date")
            #expect(report.refused.first?.violations.first?.found == "yesterday")
            let again = try await server.send(
                "POST", "/system/v1/feeds/demand?source=files", rows, key: server.administrator, type: "text/csv")
            #expect(try again.decoded(FeedAnswer.self).unchanged == 2)
            let demand = try await server.get("/consumption/v1/demand?item=bolt&location=north&from=2026-02-02")
            #expect(demand.text.contains("2026-02-04") && !demand.text.contains("2026-02-01"))
        }
    }

    @Test func `a list and JSON lines come in the same way`() async throws {
        try await RunningServer.during { server in
            try await Network.stock(server)
            let list = #"[{"item":"bolt","location":"north","onHand":"61"},{"item":"bolt","location":"south","onHnad":"31"}]"#
            let answer = try await server.post("/system/v1/feeds/balances?source=files", list)
            #expect(answer.status == 207, "\(answer.text)")
            let report = try answer.decoded(FeedAnswer.self)
            #expect(report.taken == 1)
            #expect(report.refused.first?.row == 2)
            #expect(report.refused.first?.violations.contains { $0.expected.contains("did you mean onHand?") } == true)
            let balances = try await server.get("/consumption/v1/balances?location=north")
            #expect(balances.text.contains(#""onHand":"61""#), "\(balances.text)")
        }
    }

    @Test func `what cannot be a file of the feed is refused whole`() async throws {
        try await RunningServer.during { server in
            let feed = try await server.send(
                "POST", "/system/v1/feeds/balnces?source=files", "a\n", key: server.administrator, type: "text/csv")
            #expect(feed.problem?.violations?.first?.expected.contains("did you mean balances?") == true)
            let source = try await server.send(
                "POST", "/system/v1/feeds/balances", "a\n", key: server.administrator, type: "text/csv")
            #expect(source.problem?.violations?.first?.field == "source")
            let header = try await server.send(
                "POST", "/system/v1/feeds/balances?source=files", "what,ever\n1,2\n", key: server.administrator, type: "text/csv")
            #expect(header.status == 422, "\(header.text)")
            let type = try await server.send(
                "POST", "/system/v1/feeds/balances?source=files", "x", key: server.administrator, type: "application/pdf")
            #expect(type.status == 415)
        }
    }

    @Test func `the names that a system uses are written down, and contradictions are not`() async throws {
        try await RunningServer.during { server in
            let pairs = #"""
                [{"system":"erp","subject":"item","externalID":"4711","canonicalID":"bolt"},
                 {"system":"erp","subject":"item","externalID":"4711","canonicalID":"nut"}]
                """#
            let answer = try await server.send("PUT", "/system/v1/crosswalk", pairs, key: server.administrator)
            #expect(answer.status == 207, "\(answer.text)")
            #expect(answer.text.contains(#""noted":1"#))
            #expect(try await server.get("/system/v1/crosswalk?system=erp").text.contains(#""canonicalID":"bolt""#))
        }
    }

    @Test func `the built-in engine runs a cycle over what came in`() async throws {
        try await RunningServer.during(plans: [CyclePlan(name: "network")]) { server in
            try await Network.stock(server)
            var rows = "item,location,date,quantity\n"
            for week in 0..<20 {
                let day = TestDay.text(weeksBefore: 20 - week)
                rows += "bolt,north,\(day),\(20 + week % 3)\n"
            }
            _ = try await server.send(
                "POST", "/system/v1/feeds/demand?source=files", rows, key: server.administrator, type: "text/csv")
            #expect(try await server.post("/process/v1/cycles", #"{"plan":"netwrk"}"#).text.contains("did you mean network?"))
            let opened = try await server.post("/process/v1/cycles", #"{"plan":"network"}"#)
            let path = try #require(opened.headers["location"])
            let run = try await server.post("\(path)/run")
            #expect(run.status == 202, "\(run.text)")
            #expect(run.headers["location"] == path)
            try await server.computeOneRun()
            let followed = try await server.get(path)
            #expect(followed.text.contains(#""forecasts":2"#) && followed.text.contains(#""state":"done""#), "\(followed.text)")
            let closed = try await server.post("\(path)/close")
            #expect(closed.text.contains(#""state":"closed""#))
            #expect(try await server.get("/consumption/v1/forecasts?location=north").text.contains(#""mean""#))
            let levels = try await server.get("/consumption/v1/service-levels")
            #expect(levels.text.contains(#""positions":2"#), "\(levels.text)")
            // North has 60 and sells 21 a week; nobody in the south ever bought one.
            let short = try await server.get("/consumption/v1/outlook?leastProbability=0.5")
            #expect(short.text.contains(#""location":"north""#) && !short.text.contains("south"), "\(short.text)")
            #expect(try await server.get("/consumption/v1/outlook?leastProbability=2").text.contains("a probability from 0 to 1"))
            #expect(try await server.get("/consumption/v1/outlook?after=x").text.contains("the next of the page before"))
            let first = try await server.get("/consumption/v1/outlook?limit=1")
            #expect(first.text.contains(#""next":"bolt|north""#), "\(first.text)")
            #expect(try await server.get("/consumption/v1/outlook?limit=1&after=bolt%7Cnorth").text.contains("south"))
        }
    }

    @Test func `a platform delivers forecasts for its own cycle only`() async throws {
        let plan = CyclePlan(name: "cloud", source: "forecastCloud")
        try await RunningServer.during(plans: [plan]) { server in
            try await Network.stock(server)
            let path = try #require(try await server.post("/process/v1/cycles", #"{"plan":"cloud"}"#).headers["location"])
            #expect(try await server.post("\(path)/run").status == 409)
            let rows = ["forecastCloud", "somebody"].map { source in
                #"{"item":"bolt","location":"north","source":"\#(source)","version":1,"method":"theirs","#
                    + #""start":"2026-03-02","periodDays":7,"mean":[10,11]}"#
            }
            let answer = try await server.post("\(path)/forecasts", "[\(rows.joined(separator: ","))]")
            #expect(answer.status == 207, "\(answer.text)")
            #expect(answer.text.contains(#""taken":1"#))
            #expect(answer.text.contains("forecastCloud, which forecasts this cycle"))
        }
    }
}
