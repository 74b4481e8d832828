import ConnectorKit
import Testing
import Vocabulary

@Suite struct `An answer to an action` {
    let now = Instant(microseconds: 1_000_000_000_000)
    let document = ExternalDocument(kind: "order", number: "PO-1", externalID: "1")

    func outcome(_ status: Int, headers: [(String, String)] = [], _ body: String = "") -> Outcome {
        Outcome(WireResponse(status: status, headers: headers.map { ($0.0, $0.1) }, body: Array(body.utf8)), now: now) {
            _ throws(Fault) in document
        }
    }

    func fault(_ outcome: Outcome) throws -> Fault {
        guard case .notDone(let fault) = outcome else { throw Fault.defect("\(outcome)") }
        return fault
    }

    @Test(arguments: [200, 201, 204]) func `of success is what the connector reads in it`(status: Int) {
        #expect(outcome(status) == .done(document))
    }

    @Test func `Row 19: one of success that nobody can read is unknown`() {
        let outcome = Outcome(WireResponse(status: 200), now: now) { _ throws(Fault) in throw .protocolBroken("no number") }
        guard case .unknown = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test func `429 is not done and says when to try again`() throws {
        let fault = try fault(outcome(429, headers: [("Retry-After", "7")]))
        #expect(fault.code == .rateLimited)
        #expect(fault.disposition == .retry(after: .seconds(7)))
    }

    @Test func `503 with a time is load being shed, without one it may be a proxy that lost its upstream`() throws {
        #expect(try fault(outcome(503, headers: [("Retry-After", "1")])).disposition == .retry(after: .seconds(1)))
        guard case .unknown = outcome(503) else {
            Issue.record("503 without Retry-After was taken for certain")
            return
        }
    }

    @Test(arguments: [500, 502, 504, 302, 303, 520]) func `that may come from after the effect is unknown`(status: Int) {
        guard case .unknown(let reason) = outcome(status, "boom") else {
            Issue.record("\(status) was taken for certain")
            return
        }
        #expect(reason == "The system answered \(status): boom")
    }

    @Test(arguments: [400, 404, 409, 422]) func `that turns the action down is final`(status: Int) throws {
        let fault = try fault(outcome(status, "no such item"))
        #expect(fault.code == .refused)
        #expect(fault.disposition == .reject)
        #expect(fault.message == "The system answered \(status): no such item")
    }

    @Test(arguments: [401, 403]) func `that turns us down is for a person`(status: Int) throws {
        let fault = try fault(outcome(status))
        #expect(fault.code == .unauthorized)
        #expect(fault.disposition == .review(by: "operations"))
    }

    @Test func `that points elsewhere for the whole address is a setting to mend`() throws {
        let fault = try fault(outcome(308, headers: [("Location", "https://erp/")]))
        #expect(fault.code == .protocolBroken)
        #expect(fault.message.contains("https://erp/"))
    }

    @Test func `that never came is unknown, and a request that never left is not done`() throws {
        guard case .unknown = Outcome(.noAnswer("read timeout")) else {
            Issue.record("no answer was taken for certain")
            return
        }
        let fault = try fault(Outcome(.notSent("connection refused")))
        #expect(fault.code == .unreachable)
        #expect(fault.disposition == .retry())
    }

    @Test func `over a real wire that is cut after the request is unknown`() async throws {
        try await LoopbackServer.run { _, _ in
            .drop
        } _: { server, log in
            let exchange = HTTPClientExchange()
            let clock = SimulatedTime(now).clock
            let outcome = await Outcome.sending(WireRequest("POST", server.url, body: [1]), over: exchange, clock: clock) {
                _ throws(Fault) in document
            }
            await exchange.shutdown()
            guard case .unknown = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(log.all.count == 1)
        }
    }

    @Test func `to a question is a fault that can be asked again, without the query in its message`() async throws {
        try await LoopbackServer.run { _, _ in
            .drop
        } _: { server, _ in
            let exchange = HTTPClientExchange()
            let clock = SimulatedTime(now).clock
            let fault = await #expect(throws: Fault.self) {
                _ = try await exchange.ask(WireRequest("GET", server.url + "/items?key=geheim"), clock: clock)
            }
            await exchange.shutdown()
            #expect(fault?.code == .unreachable)
            #expect(fault?.message.contains("geheim") == false)
        }
    }
}
