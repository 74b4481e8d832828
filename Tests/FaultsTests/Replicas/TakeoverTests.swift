import Foundation
import Server
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite(.enabled(if: Backend.available.contains(.postgres)))
struct `A replica that dies or sleeps` {
    /// How many calls are under way to the ERP, none of them answered.
    static let inFlight = FaultRun.size(60, long: 1000)

    @Test(.timeLimit(.minutes(10)))
    func `Row 2: everything that a killed replica had in flight is finished by another one`() async throws {
        let wish = FaultWorld.Wish(flow: "{inFlight: \(Self.inFlight)}", branches: FaultRun.size(4, long: 97))
        try await FaultWorld.during(.postgres, wish) { world in
            try await LoopbackProxy.with(to: world.erpPort) { proxy in
                proxy.change { $0.held = [.back] }
                let doomed = try world.start(dyingAt: nil, ["PLIMSOLL_SYSTEM_ERP_URL": "http://127.0.0.1:\(proxy.port)"])
                defer { doomed.endAtOnce() }
                let first = APIClient(server: try await doomed.line(beginning: "Plimsoll is ready at"), key: world.key)
                try await submit(Self.inFlight, to: first, world)
                try await eventually("\(Self.inFlight) are in flight") {
                    try await count(["inflight"], atMost: Self.inFlight, at: first) >= Self.inFlight
                }
                // So many wait longer to be read by a busy ERP than it says that a lost call may still have an effect.
                if FaultRun.isLong {
                    try await eventually("the ERP has read all of them", within: .seconds(300)) {
                        try await world.total("arrivals") - world.earlier >= Self.inFlight
                    }
                }
                try await world.serving { _, second in
                    let start = ContinuousClock.now
                    doomed.endAtOnce()
                    let reckoning = try await Reckoning.take(world, from: second)
                    let took = ContinuousClock.now - start
                    FaultRun.note(
                        row: 2, "\(Self.inFlight) in flight, finished by another replica in \(took.shown): \(reckoning)")
                    #expect(reckoning.count("done") == Self.inFlight)
                    #expect(reckoning.duplicates.isEmpty)
                    #expect(reckoning.effects == Dictionary(uniqueKeysWithValues: reckoning.done.map { ($0, 1) }))
                    #expect(reckoning.states.count == Self.inFlight)
                }
                await first.close()
            }
            #expect(try await world.auditVerifies())
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `Row 4: the late answers of a replica that slept through its lease change nothing`() async throws {
        let wish = FaultWorld.Wish(flow: "{callTimeoutSeconds: 120}")
        try await FaultWorld.during(.postgres, wish) { world in
            try await LoopbackProxy.with(to: world.erpPort) { proxy in
                proxy.change { $0.held = [.back] }
                let sleeper = try world.start(
                    dyingAt: nil,
                    [
                        "PLIMSOLL_SYSTEM_ERP_URL": "http://127.0.0.1:\(proxy.port)",
                        "PLIMSOLL_SYSTEM_ERP_TIMEOUTSECONDS": "120",
                    ])
                defer { sleeper.endAtOnce() }
                let first = APIClient(server: try await sleeper.line(beginning: "Plimsoll is ready at"), key: world.key)
                try await submit(6, to: first, world)
                try await eventually("six are in flight") { try await count(["inflight"], atMost: 6, at: first) == 6 }
                // Its calls have reached the ERP, and the answers wait before its door.
                try await eventually("six have arrived") { try await arrivals(of: world) >= 6 }
                sleeper.freeze()
                try await world.serving { _, second in
                    let taken = try await Reckoning.take(world, from: second)
                    #expect(taken.count("done") == 6)
                    proxy.change { $0.held = [] }
                    sleeper.thaw()
                    // What it accepts and sends from now on it sends under a new lease.
                    let suggestions = Suggestions(world, on: .system)
                    _ = try await first.post("/process/v1/recommendations", .list((6..<12).map(suggestions.body)))
                    let reckoning = try await Reckoning.take(world, from: second)
                    let late = try await auditEntries(of: "attempt.late", at: second)
                    FaultRun.note(
                        row: 4, "6 calls of a sleeping replica finished by another, \(late) late answers kept; \(reckoning)")
                    for (id, state) in taken.states { #expect(reckoning.states[id] == state) }
                    #expect(reckoning.count("done") == 12)
                    #expect(late > 0)
                    #expect(reckoning.duplicates.isEmpty && reckoning.arrivals == 12)
                }
                await first.close()
            }
            #expect(try await world.auditVerifies())
        }
    }

    private func arrivals(of world: FaultWorld) async throws -> Int {
        (try await world.erp.get("/ledger")["totals.arrivals"].int ?? 0) - world.earlier
    }
}

/// Hands the first so many suggestions in, and expects all to be taken.
func submit(_ count: Int, to client: APIClient, _ world: FaultWorld) async throws {
    let suggestions = Suggestions(world, on: .system)
    for start in stride(from: 0, to: count, by: 500) {
        let batch = (start..<min(start + 500, count)).map(suggestions.body)
        let answer = try await client.post("/process/v1/recommendations", .list(batch))
        #expect(answer["accepted"].int == batch.count)
    }
}

/// How many recommendations are in one of these states, counted up to a limit.
func count(_ states: [String], atMost limit: Int, at client: APIClient) async throws -> Int {
    let path = "/process/v1/recommendations?state=\(states.joined(separator: ","))&limit=\(min(limit, 500))"
    var (found, after): (Int, String?) = (0, nil)
    repeat {
        let page = try await client.get(path + (after.map { "&after=\(escaped($0))" } ?? ""))
        found += page["recommendations"].list.count
        after = page["next"].string
    } while after != nil && found < limit
    return found
}

/// How many entries of one kind the audit chain has.
func auditEntries(of kind: String, at client: APIClient) async throws -> Int {
    let lines = try await client.send("GET", "/consumption/v1/audit/export", contentType: nil, [])
    // Either an entry of its own, or an event that an entry has sealed.
    let marks = ["\"kind\":\"\(kind)\"", "\"type\":\"plimsoll.\(kind)\""]
    let text = String(decoding: lines, as: UTF8.self)
    return marks.reduce(0) { $0 + text.ranges(of: $1).count }
}
