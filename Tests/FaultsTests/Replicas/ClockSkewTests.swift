import Server
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite(.enabled(if: Backend.available.contains(.postgres)))
struct `Replicas whose clocks are wrong` {
    @Test(.timeLimit(.minutes(5)))
    func `Row 26: one an hour ahead and one an hour behind wait as long as is right, and send nothing twice`() async throws {
        // An outcome that is looked for before the ERP has had its time looks like nothing done.
        try await FaultWorld.during(.postgres, FaultWorld.Wish(settles: "4")) { world in
            try await world.misbehave([
                "mode": .string("late"), "seconds": .number(2), "count": .number(8), "routes": .list([.string("writes")]),
            ])
            try await world.serving(["PLIMSOLL_CLOCK_OFFSET": "3600"]) { _, ahead in
                try await world.serving(["PLIMSOLL_CLOCK_OFFSET": "-3600"]) { _, behind in
                    let suggestions = Suggestions(world, on: .system)
                    for number in 0..<24 {
                        _ = try await (number.isMultiple(of: 2) ? ahead : behind)
                            .post("/process/v1/recommendations", suggestions.body(number))
                    }
                    let start = ContinuousClock.now
                    let reckoning = try await Reckoning.take(world, from: behind)
                    FaultRun.note(
                        row: 26,
                        "replicas an hour ahead and behind, settled in \((ContinuousClock.now - start).shown): \(reckoning)")
                    #expect(reckoning.count("done") == 24)
                    #expect(reckoning.duplicates == [] && reckoning.arrivals == 24)
                    #expect(reckoning.effects == Dictionary(uniqueKeysWithValues: reckoning.done.map { ($0, 1) }))
                    // What one has accepted is a moment ago for the other, whatever their clocks say.
                    let page = try await behind.get("/process/v1/recommendations?limit=500")
                    let now = WallClock.system.now()
                    for row in page["recommendations"].list {
                        let accepted = try Instant(parsing: row["acceptedAt"].shown, field: "acceptedAt")
                        #expect(abs((now - accepted).inSeconds) < 600)
                    }
                }
            }
            #expect(try await world.auditVerifies())
        }
    }
}
