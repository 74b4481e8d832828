import CanonicalModel
import CanonicalStore
import Cycles
import Gateway
import Governance
import TestBackends
import Testing
import Vocabulary

@Suite struct `Accuracy over the API` {
    private struct Report: Decodable {
        struct Figures: Decodable {
            let periods: Int
            let wape: Double?
        }
        struct Group: Decodable {
            let name: String
            let figures: Figures
        }
        struct Step: Decodable {
            let name: String
            let added: Double?
        }

        let total: Figures
        let groups: [Group]
        let steps: [Step]
    }

    @Test(arguments: Backend.available)
    func `is told of the locations that the key is for`(backend: Backend) async throws {
        let plan = CyclePlan(name: "all", source: "forecastCloud", horizon: 2)
        try await RunningServer.during(on: backend, plans: [plan]) { server in
            try await Network.stock(server)
            let opened = try await server.post("/process/v1/cycles", #"{"plan":"all"}"#)
            let path = try #require(opened.headers["location"])
            let rows = """
                item,location,version,method,start,periodDays,mean,levels,quantiles
                bolt,north,1,theirs,2026-03-02,7,10 11,,
                bolt,south,1,theirs,2026-03-02,7,4 5,,

                """
            let brought = try await server.send(
                "POST", "/system/v1/feeds/forecasts?source=forecastCloud", rows, key: server.administrator, type: "text/csv")
            try #require(brought.status == 200, "\(brought.text)")
            #expect(try await server.post("\(path)/close").status == 200)
            server.clock.advance(by: .hours(7 * 24))
            let demand =
                "item,location,date,quantity\nbolt,north,2026-03-03,8\nbolt,north,2026-03-08,4\nbolt,south,2026-03-08,5\n"
            let sold = try await server.send(
                "POST", "/system/v1/feeds/demand?source=files", demand, key: server.administrator, type: "text/csv")
            try #require(sold.status == 200, "\(sold.text)")
            let all = try await server.get("/consumption/v1/accuracy?by=region").decoded(Report.self)
            #expect(all.total.periods == 2 && all.total.wape == 3.0 / 17)
            #expect(all.groups.map(\.name) == ["emea", "apac"] && all.steps.map(\.name) == ["naive", "forecast"])
            let key = try await server.key([.viewer], person: "nora", regions: ["emea"])
            let own = try await server.get("/consumption/v1/accuracy", as: key).decoded(Report.self)
            #expect(own.groups.map(\.name) == ["north"] && own.total.wape == 2.0 / 12)
            #expect(try await server.get("/consumption/v1/accuracy?location=south", as: key).decoded(Report.self).groups.isEmpty)
            for query in ["by=colour", "lag=soon", "lag=0", "from=2026-13-01", "weeks=3"] {
                #expect(try await server.get("/consumption/v1/accuracy?\(query)").status == 422, "\(query)")
            }
        }
    }
}
