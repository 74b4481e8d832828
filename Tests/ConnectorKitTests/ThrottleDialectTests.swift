import Testing
import Vocabulary

@testable import ConnectorKit

@Suite struct `A throttle dialect` {
    /// 2026-03-02T08:00:00Z.
    let now = Instant(microseconds: 1_772_438_400_000_000)

    func notice(
        _ status: Int, _ headers: [(String, String)] = [], _ body: String = "", in dialect: ThrottleDialect = .standard
    ) -> ThrottleNotice {
        dialect.notice(
            in: WireResponse(status: status, headers: headers.map { ($0.0, $0.1) }, body: Array(body.utf8)), now: now)
    }

    @Test(arguments: [
        ("120", Duration.seconds(120)), ("0", .zero), ("Mon, 02 Mar 2026 08:01:30 GMT", .seconds(90)),
        ("Mon, 02 Mar 2026 07:00:00 GMT", .zero),
    ])
    func `Row 17: it reads 429 with seconds and with a date`(header: String, wait: Duration) {
        let notice = notice(429, [("Retry-After", header)])
        #expect(notice.isRefusal && notice.wait == wait)
    }

    @Test func `Row 17: it reads 429 with nothing as a refusal that names no time`() {
        #expect(notice(429) == ThrottleNotice(isRefusal: true, wait: nil, remaining: nil, reset: nil))
    }

    @Test func `Row 17: it takes 503 for a refusal only when it names a time`() {
        #expect(notice(503, [("Retry-After", "5")]).isRefusal)
        #expect(!notice(503).isRefusal)
    }

    @Test func `Row 17: it knows a 400 that means 429 by the words of its maker`() {
        let dialect = ThrottleDialect(phrases: [400: ["request_limit_exceeded", "too many calls"]])
        #expect(notice(400, [], #"{"errorCode": "REQUEST_LIMIT_EXCEEDED"}"#, in: dialect).isRefusal)
        #expect(!notice(400, [], #"{"errorCode": "MALFORMED_QUERY"}"#, in: dialect).isRefusal)
        #expect(!notice(422, [], "too many calls", in: dialect).isRefusal)
        #expect(!notice(400, [], "REQUEST_LIMIT_EXCEEDED").isRefusal)
    }

    @Test(arguments: ["45", "1772438445", "1772438445000", "Mon, 02 Mar 2026 08:00:45 GMT"])
    func `Row 17: it reads the moment of new allowance as seconds, as seconds or milliseconds since 1970, and as a date`(
        reset: String
    ) {
        let refusal = notice(429, [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", reset)])
        #expect(refusal.wait == .seconds(45) && refusal.reset == .seconds(45))
        let answer = notice(200, [("ratelimit-remaining", "12"), ("ratelimit-reset", reset)])
        #expect(!answer.isRefusal && answer.wait == nil && answer.remaining == 12 && answer.reset == .seconds(45))
    }

    @Test func `a refusal in a system's own words is told to the flow as one that nothing was done by`() {
        var response = WireResponse(status: 400, body: Array("REQUEST_LIMIT_EXCEEDED".utf8))
        response.throttle = ThrottleNotice(isRefusal: true, wait: .seconds(9), remaining: nil, reset: nil)
        let document = ExternalDocument(kind: "order", number: "PO-1", externalID: "1")
        let outcome = Outcome(response, now: now) { _ throws(Fault) in document }
        #expect(
            outcome
                == .notDone(.rateLimited("The system answered 400: REQUEST_LIMIT_EXCEEDED", after: .seconds(9))))
    }
}
