import Testing
import Vocabulary

@testable import ConnectorKit

/// A system that takes so many requests a second, and what a budget makes of its answers.
@Suite struct `An adaptive budget` {
    let start = Instant(microseconds: 1_000_000_000_000)

    func budget(_ time: SimulatedTime, patience: Duration = .seconds(3600)) -> ThrottleBudget {
        ThrottleBudget(.init(patience: patience), clock: time.clock, randomness: .seeded(7))
    }

    @Test func `assumes no limit before it has met one`() async throws {
        let time = SimulatedTime(start)
        let budget = budget(time)
        for _ in 0..<10_000 { try await budget.admitted { () throws(Fault) in } }
        #expect(time.now == start)
        #expect(budget.standing(at: start).room == .max)
    }

    /// Tokens of a second's worth, as most systems count.
    private final class BusyERP {
        let perSecond: Double
        var tokens: Double
        var at: Instant

        init(_ perSecond: Double, at now: Instant) {
            self.perSecond = perSecond
            tokens = perSecond
            at = now
        }

        func takes(at now: Instant) -> Bool {
            tokens = min(perSecond, tokens + (now - at).inSeconds * perSecond)
            at = now
            guard tokens >= 1 else { return false }
            tokens -= 1
            return true
        }
    }

    @Test(arguments: [2.0, 20, 200], [nil, "1"])
    func `Row 17: it finds the rate that a system takes, with few refusals`(perSecond: Double, header: String?) async throws {
        let time = SimulatedTime(start)
        let budget = budget(time)
        let erp = BusyERP(perSecond, at: start)
        var (taken, refused) = (0, 0)
        while time.now - start < .seconds(600) {
            let now = try await budget.admitted { () async throws(Fault) in
                // Every call takes the system a millisecond.
                time.now = time.now + .milliseconds(1)
                return time.now
            }
            if erp.takes(at: now) {
                taken += 1
                budget.learn(from: WireResponse(status: 200), sentAt: now)
            } else {
                refused += 1
                budget.learn(
                    from: WireResponse(status: 429, headers: header.map { [("Retry-After", $0)] } ?? []), sentAt: now)
            }
        }
        #expect(Double(taken) >= 0.6 * perSecond * 600, "\(taken) of \(perSecond * 600)")
        #expect(Double(refused) <= 0.05 * Double(taken) + 10, "\(refused) refusals")
    }

    @Test func `Row 17: it stays away while nothing is left, and spreads the last fifth`() async throws {
        let time = SimulatedTime(start)
        let budget = budget(time)
        func answer(_ remaining: Int, reset: Int) {
            budget.learn(
                from: WireResponse(
                    status: 200, headers: [("RateLimit-Remaining", "\(remaining)"), ("RateLimit-Reset", "\(reset)")]))
        }
        answer(100, reset: 60)
        answer(21, reset: 60)
        #expect(budget.standing(at: time.now).room == .max)
        answer(20, reset: 40)
        let spread = budget.standing(at: time.now)
        #expect(spread.perSecond == 0.5 && spread.room == 1)
        answer(0, reset: 30)
        try await budget.admitted { () throws(Fault) in
            #expect(time.now - start >= .seconds(30) && time.now - start < .seconds(34))
        }
        time.now = time.now + .seconds(60)
        answer(100, reset: 60)
        #expect(budget.standing(at: time.now).room == .max)
    }

    @Test func `one storm of refusals lowers the rate once`() throws {
        let time = SimulatedTime(start)
        let budget = ThrottleBudget(.init(perSecond: 64), clock: time.clock, randomness: .seeded(7))
        time.now = start + .seconds(1)
        for _ in 0..<8 { budget.learn(from: WireResponse(status: 429), sentAt: start) }
        let once = budget.standing(at: time.now).perSecond
        #expect(once == 1)  // Half of the two a second that are the least to be blamed.
        time.now = time.now + .seconds(60)
        budget.learn(from: WireResponse(status: 429), sentAt: time.now)
        #expect(budget.standing(at: time.now).perSecond == 0.5)
    }

    @Test func `what is held back was not sent, burns nothing, and says when to come back`() async throws {
        let time = SimulatedTime(start)
        let exchange = ThrottledExchange(NoExchange(), within: budget(time, patience: .seconds(1)), clock: time.clock)
        let refused = try await exchange.send(WireRequest("POST", "http://erp.example/orders"))
        #expect(refused.throttle?.isRefusal == true)
        let outcome = await Outcome.sending(
            WireRequest("POST", "http://erp.example/orders"), over: exchange, clock: time.clock
        ) { _ throws(Fault) in ExternalDocument(kind: "order", number: "1", externalID: "1") }
        guard case .notDone(let fault) = outcome, fault.code == .rateLimited, case .retry(let wait?) = fault.disposition else {
            Issue.record("\(outcome)")
            return
        }
        #expect(wait >= .seconds(60))
    }

    /// Answers 429 and nothing else.
    private struct NoExchange: HTTPExchange {
        func send(_ request: WireRequest) async throws(WireFailure) -> WireResponse {
            WireResponse(status: 429, headers: [("Retry-After", "60")])
        }
    }
}
