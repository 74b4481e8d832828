import CanonicalModel
import ConnectorKit
import Foundation
import Governance
import Vocabulary

@testable import Tryton

/// A clock that stands still, so that a recorded exchange is asked the same questions again.
func standingClock(_ text: String = "2026-11-02T08:00:00Z") throws -> WallClock {
    let now = try Instant(parsing: text, field: "now")
    return WallClock(now: { now }, pause: { _ in })
}

let realClock = WallClock(
    now: { Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) },
    pause: { try await Task.sleep(for: $0) })

let samplePassword = "tryton-integration-1"

/// Settings for the sample company of the test ERP.
func sampleSettings(url: String, changing changes: [String: String] = [:]) -> [String: String] {
    [
        "url": url, "database": "erp", "user": "integration", "password": samplePassword, "system": "erpEast",
        "units": "cs12=CS", "regions": "DC-EAST=east, DC-WEST=west", "timeZones": "DC-EAST=America/New_York",
        "laneCostPerShipment": "80", "laneCosts": "DC-EAST>DC-WEST=120/0.35",
    ].merging(changes) { _, change in change }
}

func connector(
    _ http: any HTTPExchange, url: String = "http://erp.test", clock: WallClock, changing changes: [String: String] = [:]
) throws -> TrytonConnector {
    let settings = try TrytonConnector.manifest.values(sampleSettings(url: url, changing: changes))
    return try TrytonConnector(settings, in: Surroundings(http: http, clock: clock, randomness: .seeded(1)))
}

/// An exchange that asks a closure what to answer.
struct ScriptedExchange: HTTPExchange {
    let answer: @Sendable (_ method: String, _ request: WireRequest) async throws(WireFailure) -> WireResponse

    func send(_ request: WireRequest) async throws(WireFailure) -> WireResponse {
        let method = (try? RPCValue(json: request.body))?.members?["method"]?.string ?? ""
        return try await answer(method, request)
    }

    /// A server that lets the user in, and leaves the rest to `answer`.
    static func behindLogin(
        _ answer: @escaping @Sendable (_ method: String, _ request: WireRequest) async throws(WireFailure) -> WireResponse
    ) -> ScriptedExchange {
        ScriptedExchange { method, request throws(WireFailure) in
            switch method {
            case "common.db.login": ok(#"[2,"0123",null]"#)
            case "model.res.user.get_preferences": ok(#"{"company":1,"employee":2}"#)
            default: try await answer(method, request)
            }
        }
    }
}

func ok(_ result: String) -> WireResponse {
    WireResponse(status: 200, body: Array(#"{"id":1,"result":\#(result)}"#.utf8))
}

func failed(_ error: String) -> WireResponse {
    WireResponse(status: 200, body: Array(#"{"id":1,"error":\#(error)}"#.utf8))
}

func approved(_ action: Action, now: Instant) throws -> Approved<Action> {
    let decision = Decision(
        id: "d-1", recommendation: "r-1", action: action, verdict: .autoApprove, rule: "1", reason: "test", policyVersion: "1",
        deciderVersion: 1, factsDigest: Digest(of: ""), findings: [], alternatives: [], value: nil, isProvisional: false,
        proposedBy: nil, decidedAt: now, lapsesAt: now + .hours(1))
    return try Approved(action, by: decision, approvals: [], limits: .none, now: now)
}

/// All pages of one round.
func everything(_ feed: Feed, of connector: TrytonConnector) async throws -> (
    observations: [Observation], refusals: [Refusal], end: Cursor?
) {
    var observations: [Observation] = []
    var refusals: [Refusal] = []
    var cursor: Cursor?
    while true {
        let page = try await connector.read(feed, after: cursor, names: Crosswalk())
        observations += page.observations
        refusals += page.refusals
        cursor = page.next
        if !page.hasMore { return (observations, refusals, cursor) }
    }
}
