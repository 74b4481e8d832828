import Foundation
import Server
import Testing
import TestBackends
import Vocabulary

@testable import plimsoll

/// An ERP that was away comes back, takes only so much, and has a backlog waiting for it.
@Suite(.serialized) struct `An ERP that comes back` {
    static let perSecond = 20.0

    /// Each in another dialect.
    static let dialects: [[String: JSONValue]] = [
        ["mode": .string("throttle429"), "retryAfter": .string("integer")],
        ["mode": .string("throttle400"), "retryAfter": .string("none")],
    ]

    @Test(.timeLimit(.minutes(5)), arguments: dialects)
    func `Rows 17 and 47: it is not run over by what has waited, and is called by no replica before it allows it`(
        dialect: [String: JSONValue]
    ) async throws {
        let backend = Backend.available.last ?? .sqlite
        try await FaultWorld.during(backend) { world in
            try await world.misbehave(["mode": .string("dropBefore")])
            let first = try await world.replica()
            defer { first.process.endAtOnce() }
            let suggestions = Suggestions(world, on: .system)
            // Twice around the shelves: goods and a policy for each.
            let count = 2 * world.shelves.count
            for number in 0..<count { _ = try await first.client.post("/process/v1/recommendations", suggestions.body(number)) }
            try await eventually("the failing ERP is left alone") {
                let system = try await first.client.get("/system/v1/systems")["systems"].list.first
                return system?["sending.state"].string == "failing"
            }
            let told = try await first.client.get("/consumption/v1/exceptions")["exceptions"].list
            #expect(told.contains { $0["kind"].string == "systemFailing" && $0["impact.explanation"].string != nil })

            var others: [FaultWorld.Replica] = []
            if backend == .postgres { others.append(try await world.replica()) }
            defer { for other in others { other.process.endAtOnce() } }
            let (writesBefore, effectsBefore) = (try await world.total("arrivals"), try await world.total("effects"))
            try await world.misbehave(
                dialect.merging([
                    "perSecond": .number(Self.perSecond), "seconds": .number(2), "routes": .list([.string("writes")]),
                ]) { first, _ in first })
            let began = ContinuousClock.now
            let reckoning = try await Reckoning.take(world, from: first.client)
            let took = (ContinuousClock.now - began).inSeconds
            let (refused, early) = (try await world.total("turnedAway"), try await world.total("tooEarly"))
            let writes = try await world.total("arrivals") - writesBefore
            let effects = try await world.total("effects") - effectsBefore
            FaultRun.note(
                row: 47,
                "\(dialect["mode"]?.string ?? ""): \(effects) effects of \(writes) writes in \(took) s, "
                    + "\(refused) turned away, \(early) too early")

            #expect(reckoning.duplicates.isEmpty)
            #expect(reckoning.count("done") + reckoning.count("superseded") == count, "\(reckoning)")
            #expect(early == 0)
            #expect(Double(refused) <= 0.2 * Double(writes) + 10, "\(refused) of \(writes) were turned away")
            // Limited by what the ERP takes, and not by much more.
            #expect(took > Double(effects) / Self.perSecond - 2)
            for other in others { try await other.stop() }
            try await first.stop()
            let open = try await openExceptions(world)
            #expect(open == 0)
        }
    }

    private func openExceptions(_ world: FaultWorld) async throws -> Int {
        let last = try await world.replica()
        defer { last.process.endAtOnce() }
        let open = try await last.client.get("/consumption/v1/exceptions")["exceptions"].list
        try await last.stop()
        return open.count { $0["kind"].string == "systemFailing" }
    }
}
