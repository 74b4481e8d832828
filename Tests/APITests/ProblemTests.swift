import CanonicalModel
import Cycles
import Gateway
import Governance
import Replenishment
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct `Every fault is told as problem details` {
    @Test func `unknown routes and methods`() async throws {
        try await RunningServer.during { server in
            let unknown = try await server.get("/system/v2/systems")
            #expect(unknown.status == 404)
            #expect(unknown.headers["content-type"] == "application/problem+json")
            let problem = try #require(unknown.problem)
            #expect(problem.code == "gateway.unknownRoute")
            #expect(problem.type == "urn:plimsoll:fault:gateway.unknownRoute")
            #expect(problem.requestId == unknown.headers["x-request-id"])
            let method = try await server.send("PATCH", "/process/v1/decision-table", "{}", key: server.administrator)
            #expect(method.status == 405)
            #expect(method.headers["allow"] == "GET, PUT")
            #expect(method.problem?.code == "gateway.methodNotAllowed")
        }
    }

    @Test(arguments: [
        ("{", "a key in double quotes"), (#"{"plan":"a","plan":"b"}"#, "each key once"), (#"{"plan": tru}"#, "true"),
        (#"{"plan":"a"} x"#, "the end of the body"), (#"{"plan":01}"#, "a value"),
        ("{\"plan\":\"a\nb\"}", "no control characters"),
        (String(repeating: "[", count: 60), "within each other"), ("", "a value"), (#"{"plan":"a",}"#, "a key in double quotes"),
    ])
    func `a body that is no JSON`(body: String, expected: String) async throws {
        try await RunningServer.during { server in
            let answer = try await server.post("/process/v1/cycles", body)
            #expect(answer.status == 400, "\(answer.text)")
            #expect(answer.problem?.code == "gateway.malformedBody")
            #expect(answer.problem?.detail.contains(expected) == true, "\(answer.text)")
        }
    }

    @Test func `a field that does not fit names itself, its value and what was expected`() async throws {
        try await RunningServer.during { server in
            let wrong = try await server.post("/process/v1/api-keys", #"{"name":"x","person":" ","roles":["boss"]}"#)
            #expect(wrong.status == 422)
            #expect(wrong.problem?.violations?.first?.field == "person")
            let role = try await server.post("/process/v1/api-keys", #"{"name":"x","person":"x","roles":["boss"]}"#)
            let violation = try #require(role.problem?.violations?.first)
            #expect(violation.field == "roles")
            #expect(violation.found == "boss")
            #expect(violation.expected.contains("planner"))
        }
    }

    @Test func `a key that nobody reads is refused with what was probably meant`() async throws {
        try await RunningServer.during { server in
            try await Network.stock(server)
            let misspelled = Network.recommendation("r", at: "north").replacing("\"neededBy\"", with: "\"needBy\"")
            let missing = try await server.post("/process/v1/recommendations", misspelled)
            #expect(missing.status == 422)
            let extra = Network.recommendation("r", at: "north").replacing("\"stockingUnit\"", with: "\"stockUnit\"")
            let answer = try await server.post("/process/v1/recommendations", extra)
            #expect(answer.status == 422)
            let violation = try #require(answer.problem?.violations?.first)
            #expect(violation.field == "assumptions.stockUnit")
            #expect(violation.expected.hasPrefix("did you mean stockingUnit?"))
            let optional = try await server.post(
                "/process/v1/recommendations/r/approval", #"{"decision":"d","onBehlafOf":"ann"}"#)
            #expect(
                optional.problem?.violations?.first?.expected.hasPrefix("did you mean onBehalfOf?") == true, "\(optional.text)")
        }
    }

    @Test func `a parameter that nobody reads is refused`() async throws {
        try await RunningServer.during { server in
            let answer = try await server.get("/process/v1/recommendations?locaton=north")
            #expect(answer.status == 422)
            #expect(answer.problem?.violations?.first?.expected.hasPrefix("did you mean location?") == true)
            #expect(try await server.get("/process/v1/recommendations?limit=0").status == 422)
            #expect(try await server.get("/process/v1/recommendations?state=approvd").text.contains("did you mean approved?"))
        }
    }

    @Test func `what is wrong inside stays inside`() async throws {
        try await RunningServer.during { server in
            try await server.database.write { connection in _ = try connection.run("DROP TABLE planning_exception") }
            let answer = try await server.get("/consumption/v1/exceptions")
            #expect(answer.status == 500)
            #expect(!answer.text.contains("planning_exception"))
            #expect(answer.problem?.requestId.isEmpty == false)
        }
    }

    @Test func `a body larger than the route takes`() async throws {
        try await RunningServer.during(limits: { $0.body = 1000 }) { server in
            let answer = try await server.post("/process/v1/cycles", "{\"plan\":\"\(String(repeating: "x", count: 2000))\"}")
            #expect(answer.status == 413)
            #expect(answer.problem?.code == "gateway.bodyTooLarge")
        }
    }

    @Test func `more requests than a key may send`() async throws {
        try await RunningServer.during(limits: {
            $0.burst = 5
            $0.perSecond = 0.5
        }) { server in
            let key = try await server.key([.viewer])
            var statuses: [Int] = []
            for _ in 0..<6 { statuses.append(try await server.get("/system/v1/systems", as: key).status) }
            #expect(statuses == [200, 200, 200, 200, 200, 429])
            let refused = try await server.get("/system/v1/systems", as: key)
            #expect(refused.headers["retry-after"] == "2")
            #expect(try await server.get("/system/v1/systems").status == 200)
            server.clock.advance(by: .seconds(2))
            #expect(try await server.get("/system/v1/systems", as: key).status == 200)
        }
    }

    @Test func `a request keeps the name and the trace that it came with`() async throws {
        try await RunningServer.during { server in
            let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            let answer = try await server.send(
                "GET", "/livez", key: nil, headers: ["X-Request-Id": "abc-1", "traceparent": trace])
            #expect(answer.headers["x-request-id"] == "abc-1")
            #expect(answer.headers["traceparent"] == trace)
            let forged = try await server.send(
                "GET", "/livez", key: nil, headers: ["X-Request-Id": "a b\"c", "traceparent": "00-zz"])
            #expect(forged.headers["x-request-id"] != "a b\"c")
            #expect(forged.headers["traceparent"] == nil)
        }
    }

    @Test func `readiness names the check that fails and not why`() async throws {
        let checks = [
            ReadinessCheck("database") {}, ReadinessCheck("lease") { throw Fault.conflict("the secret reason") },
        ]
        try await RunningServer.during(readiness: checks) { server in
            let answer = try await server.send("GET", "/readyz", key: nil)
            #expect(answer.status == 503)
            #expect(answer.text == #"{"checks":{"database":true,"lease":false},"ready":false}"#)
            #expect(try await server.send("GET", "/livez", key: nil).status == 200)
        }
    }

    @Test func `the metrics tell of requests and of the flow`() async throws {
        try await RunningServer.during { server in
            try await Network.stock(server)
            try await Network.recommend(server, Network.recommendation("r", at: "north"))
            let text = try await server.send("GET", "/metrics", key: nil).text
            #expect(
                text.contains(#"plimsoll_http_requests_total{method="POST",route="/system/v1/feeds/{feed}",status="200"} 6"#),
                "\(text)")
            #expect(text.contains(#"plimsoll_recommendations{state="awaitingApproval"} 1"#))
        }
    }
}
