import CanonicalModel
import ConnectorKit
import Governance
import Synchronization
import Testing
import Vocabulary

@testable import Tryton

private let change = PolicyChange(
    item: "FA-1001", location: "DC-EAST",
    levels: PolicyLevels(reorderPoint: Quantity(90), safetyStock: .zero, orderUpTo: Quantity(270)), previous: nil)

/// A Tryton with one order point, which answers a write as it is told.
private func outcome(ofWriting answer: @escaping @Sendable () throws(WireFailure) -> WireResponse) async throws -> Outcome {
    let http = ScriptedExchange.behindLogin { method, _ throws(WireFailure) in
        switch method {
        case "model.product.product.search_read": ok(#"[{"id":1,"code":"FA-1001","default_uom.":{"id":1,"symbol":"u"}}]"#)
        case "model.stock.location.search_read": ok(#"[{"id":5,"code":"DC-EAST","storage_location":3}]"#)
        case "model.stock.order_point.search_read":
            ok(#"[{"id":1,"type":"purchase","rec_name":"Bolt","min_quantity":92.0,"target_quantity":268.0,"_timestamp":"17.0"}]"#)
        case "model.stock.order_point.write": try answer()
        default: failed("[\"'\(method)'\",\"\"]")
        }
    }
    let clock = try standingClock()
    let action = try approved(.setInventoryPolicy(change), now: clock.now())
    return await (try connector(http, clock: clock)).carryOut(action, reference: "PLM-1", names: Crosswalk())
}

@Suite struct `A write to Tryton` {
    @Test func `is done when Tryton says so`() async throws {
        #expect(
            try await outcome { () throws(WireFailure) in ok("null") }
                == .done(ExternalDocument(kind: "stock.order_point", number: "Bolt", externalID: "1")))
    }

    @Test func `is not done and may be retried when it was never sent`() async throws {
        guard case .notDone(let fault) = try await outcome(ofWriting: { () throws(WireFailure) in throw .notSent("refused") })
        else { return #expect(Bool(false), "it should be notDone") }
        #expect(fault.code == .unreachable && fault.disposition == .retry(after: nil))
    }

    @Test func `Row 17: it is not done and burns no attempt when our own budget holds it back`() async throws {
        let outcome = try await outcome { () throws(WireFailure) in throw .heldBack("used up", after: .seconds(40)) }
        #expect(outcome == .notDone(.rateLimited("used up", after: .seconds(40))))
    }

    @Test(arguments: [("30", Duration.seconds(30)), ("2.5", .milliseconds(2500))])
    func `Row 17: it is not done after 429, and is told when to come back`(header: String, wait: Duration) async throws {
        let busy = WireResponse(status: 429, headers: [("Retry-After", header)])
        guard case .notDone(let fault) = try await outcome(ofWriting: { () throws(WireFailure) in busy })
        else { return #expect(Bool(false), "it should be notDone") }
        #expect(fault.code == .rateLimited && fault.disposition == .retry(after: wait))
    }

    @Test(arguments: [500, 502, 504])
    func `is unknown after a server error`(status: Int) async throws {
        guard case .unknown = try await outcome(ofWriting: { () throws(WireFailure) in WireResponse(status: status) })
        else { return #expect(Bool(false), "it should be unknown") }
    }

    @Test func `is unknown when no answer came`() async throws {
        guard case .unknown = try await outcome(ofWriting: { () throws(WireFailure) in throw .noAnswer("reset") })
        else { return #expect(Bool(false), "it should be unknown") }
    }

    @Test func `is unknown when the answer is cut off`() async throws {
        let half = WireResponse(status: 200, body: Array(#"{"id":1,"res"#.utf8))
        guard case .unknown = try await outcome(ofWriting: { () throws(WireFailure) in half })
        else { return #expect(Bool(false), "it should be unknown") }
    }

    @Test(arguments: [
        (#"["UserError",["Too low","",null]]"#, Fault.Code.refused, Fault.Disposition.reject),
        (#"["UserError",["You are not allowed to access \"X\".","",null]]"#, .unauthorized, .review(by: "operations")),
        (#"["ConcurrencyException","Records were modified"]"#, .changedMeanwhile, .retry(after: .seconds(1))),
        (#"["UserWarning",["w@1","Sure?",""]]"#, .askedToConfirm, .review(by: "operations")),
        (#"["'nope'",""]"#, .protocolBroken, .review(by: "operations")),
    ])
    func `is not done when Tryton rolled it back`(error: String, code: Fault.Code, disposition: Fault.Disposition) async throws {
        guard case .notDone(let fault) = try await outcome(ofWriting: { () throws(WireFailure) in failed(error) })
        else { return #expect(Bool(false), "it should be notDone") }
        #expect(fault.code == code && fault.disposition == disposition)
    }
}

@Suite struct `A session with Tryton` {
    @Test func `is opened again once when it has ended`() async throws {
        let logins = Mutex(0)
        let http = ScriptedExchange { method, _ throws(WireFailure) in
            switch method {
            case "common.db.login":
                let count = logins.withLock {
                    $0 += 1
                    return $0
                }
                return ok(#"[2,"token\#(count)",null]"#)
            case "model.res.user.get_preferences": return ok(#"{"company":1}"#)
            default: return logins.withLock { $0 } < 2 ? WireResponse(status: 401) : ok("[]")
            }
        }
        let page = try await connector(http, clock: try standingClock()).read(.locations, after: nil, names: Crosswalk())
        #expect(page.observations.isEmpty && logins.withLock { $0 } == 2)
    }

    @Test func `does not try a wrong password again at once`() async throws {
        let logins = Mutex(0)
        let http = ScriptedExchange { _, _ throws(WireFailure) in
            logins.withLock { $0 += 1 }
            return WireResponse(status: 401)
        }
        let tryton = try connector(http, clock: try standingClock())
        for _ in 1...3 {
            let fault = await #expect(throws: Fault.self) { _ = try await tryton.read(.items, after: nil, names: Crosswalk()) }
            #expect(fault?.code == .unauthorized)
        }
        #expect(logins.withLock { $0 } == 1)
    }

    @Test func `sends exactly three members and asks for gzip`() async throws {
        let seen = Mutex<[WireRequest]>([])
        let http = ScriptedExchange.behindLogin { _, request throws(WireFailure) in
            seen.withLock { $0.append(request) }
            return ok("[]")
        }
        _ = try await connector(http, clock: try standingClock()).read(.locations, after: nil, names: Crosswalk())
        let request = try #require(seen.withLock { $0.first })
        let body = try RPCValue(json: request.body)
        #expect(body.members?.keys.sorted() == ["id", "method", "params"])
        #expect(body.members?["params"]?.elements?.last?.members?["company"] == 1)
        #expect(request.headers.contains { $0.name == "Accept-Encoding" && $0.value == "gzip" })
        #expect(request.headers.contains { $0.name == "Authorization" && $0.value == "Session aW50ZWdyYXRpb246MjowMTIz" })
    }

    @Test func `confirms only the warnings that are named harmless`() async throws {
        let skipped = Mutex<[String]>([])
        let http = ScriptedExchange.behindLogin { method, request throws(WireFailure) in
            if method == "model.res.user.warning.skip" {
                skipped.withLock { $0.append(String(decoding: request.body, as: UTF8.self)) }
                return ok("null")
            }
            return skipped.withLock { $0.isEmpty } ? failed(#"["UserWarning",["late@2026","Late.",""]]"#) : ok("[]")
        }
        let clock = try standingClock()
        await #expect(throws: Fault.self) {
            _ = try await connector(http, clock: clock).read(.locations, after: nil, names: Crosswalk())
        }
        #expect(skipped.withLock { $0.isEmpty })
        _ = try await connector(http, clock: clock, changing: ["harmlessWarnings": "late@"]).read(
            .locations, after: nil, names: Crosswalk())
        #expect(skipped.withLock { $0.count } == 1)
    }
}
