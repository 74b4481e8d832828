import ConnectorKit
import Synchronization
import Testing
import Vocabulary

@Suite struct `The throttle budget` {
    let start = Instant(microseconds: 1_000_000_000_000)

    func budget(_ limits: ThrottleBudget.Limits, _ time: SimulatedTime) -> ThrottleBudget {
        ThrottleBudget(limits, clock: time.clock, randomness: .seeded(7))
    }

    @Test func `a burst goes at once and the rest at the rate`() async throws {
        let time = SimulatedTime(start)
        let budget = budget(.init(concurrent: 1, perSecond: 2, burst: 3), time)
        var waits: [Duration] = []
        for _ in 0..<6 {
            try await budget.admitted { () throws(Fault) in waits.append(time.now - start) }
        }
        #expect(waits == [.zero, .zero, .zero, .milliseconds(500), .seconds(1), .milliseconds(1500)])
    }

    @Test func `no more than allowed are under way at a time, and all get their turn`() async throws {
        let budget = budget(.init(concurrent: 3, perSecond: 1_000_000, burst: 1000), SimulatedTime(start))
        let attendance = Attendance()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try? await budget.admitted { () async throws(Fault) in
                        attendance.come()
                        await Task.yield()
                        attendance.go()
                    }
                }
            }
        }
        #expect(attendance.done == 100)
        #expect((1...3).contains(attendance.most))
    }

    @Test func `a system that says when to come back is left alone until then`() async throws {
        let time = SimulatedTime(start)
        let budget = budget(.init(), time)
        budget.learn(from: WireResponse(status: 429, headers: [("retry-after", "12.5")]))
        try await budget.admitted { () throws(Fault) in
            #expect(time.now - start >= .milliseconds(12_500) && time.now - start < .milliseconds(13_750))
        }
    }

    @Test func `refusals without a time close it for longer and longer, and an answer ends that`() throws {
        let time = SimulatedTime(start)
        let budget = budget(.init(), time)
        for index in 0..<6 {
            let wait = try #require(budget.learn(from: WireResponse(status: 429)).wait?.inSeconds)
            let bound = 0.5 * Double(1 << index)
            #expect(wait >= bound / 2 && wait <= bound, "wait \(index) was \(wait)")
            time.now = time.now + .seconds(wait)
        }
        budget.learn(from: WireResponse(status: 200))
        #expect(try #require(budget.learn(from: WireResponse(status: 429)).wait?.inSeconds) <= 0.5)
    }

    @Test func `a wait beyond its patience is reported and not waited for`() async throws {
        let time = SimulatedTime(start)
        let budget = budget(.init(patience: .seconds(30)), time)
        budget.learn(from: WireResponse(status: 429, headers: [("Retry-After", "3600")]))
        let fault = await #expect(throws: Fault.self) {
            try await budget.admitted { () throws(Fault) in Issue.record("admitted") }
        }
        #expect(fault?.code == .rateLimited)
        guard case .retry(let wait?)? = fault?.disposition else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(wait >= .seconds(3600) && wait < .seconds(3606))
        #expect(time.now == start)
    }

    @Test func `a task that is cancelled in the queue leaves it and holds nobody up`() async throws {
        let budget = budget(.init(concurrent: 1, perSecond: 1000, burst: 1000), SimulatedTime(start))
        try await budget.admitted { () async throws(Fault) in
            await withTaskGroup(of: Fault.Code?.self) { group in
                group.addTask {
                    do throws(Fault) {
                        try await budget.admitted { () throws(Fault) in }
                        return nil
                    } catch {
                        return error.code
                    }
                }
                await Task.yield()
                group.cancelAll()
                #expect(await group.next() == .rateLimited)
            }
        }
        try await budget.admitted { () throws(Fault) in }
    }

    @Test func `an exchange within a budget learns from every answer`() async throws {
        let time = SimulatedTime(start)
        try await LoopbackServer.run { index, _ in
            index == 0 ? .answer(429, headers: ["Retry-After: 20"]) : .answer(200)
        } _: { server, _ in
            let wire = HTTPClientExchange()
            let exchange = ThrottledExchange(wire, within: budget(.init(), time), clock: time.clock)
            let refused = try await exchange.send(WireRequest("GET", server.url))
            let answered = try await exchange.send(WireRequest("GET", server.url))
            #expect(refused.status == 429)
            #expect(answered.status == 200)
            #expect(time.now - start >= .seconds(20) && time.now - start < .seconds(22))
            await wire.shutdown()
        }
    }
}

/// A clock that jumps when somebody waits for it.
final class SimulatedTime: Sendable {
    private let time: Mutex<Instant>

    init(_ start: Instant) {
        time = Mutex(start)
    }

    var now: Instant {
        get { time.withLock(\.self) }
        set { time.withLock { $0 = newValue } }
    }

    var clock: WallClock {
        WallClock(now: { self.now }) { duration in
            try Task.checkCancellation()
            self.time.withLock { $0 = $0 + duration }
        }
    }
}

/// Who is in at the moment, and the most there ever were.
private final class Attendance: Sendable {
    private let counts = Mutex((now: 0, most: 0, done: 0))

    var most: Int { counts.withLock(\.most) }
    var done: Int { counts.withLock(\.done) }

    func come() {
        counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.done) }
    }

    func go() {
        counts.withLock { $0 = ($0.now - 1, $0.most, $0.done + 1) }
    }
}
