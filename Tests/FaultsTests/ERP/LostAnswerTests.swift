import Server
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite struct `An ERP that does what is asked and does not say so` {
    private static let trouble: [(mode: String, isDone: Bool)] = [
        ("applyThen500", true), ("drop", true), ("garbage", true), ("wrongType", true), ("noContent", true),
        ("error500", false), ("dropBefore", false),
    ]

    @Test(.timeLimit(.minutes(5)), arguments: FaultRun.size([false], long: [false, true]))
    func `Row 18: each action is there once, whether or not the ERP knows repetitions`(deduplicates: Bool) async throws {
        try await FaultWorld.during(.sqlite) { world in
            try await world.serving(["PLIMSOLL_SYSTEM_ERP_DEDUPLICATE": String(deduplicates)]) { _, client in
                let suggestions = Suggestions(world, on: .system)
                var number = 0
                var arrivals = 0
                for (mode, isDone) in Self.trouble {
                    try await world.misbehave([
                        "mode": .string(mode), "count": .number(4), "routes": .list([.string("writes")]),
                        "deduplicate": .bool(deduplicates),
                    ])
                    let batch = (number..<number + 4).map(suggestions.body)
                    number += batch.count
                    // What was done is found by reading back; what was not is sent a second time.
                    arrivals += isDone ? batch.count : 2 * batch.count
                    _ = try await client.post("/process/v1/recommendations", .list(batch))
                    try await eventually("nothing is on its way any more after \(mode)") {
                        try await client.get("/process/v1/recommendations?state=done&limit=500")["recommendations"].list.count
                            == number
                    }
                }
                let reckoning = try await Reckoning.take(world, from: client)
                FaultRun.note(row: 18, "\(deduplicates ? "with" : "without") de-duplication: \(reckoning)")
                #expect(reckoning.count("done") == number)
                #expect(reckoning.duplicates.isEmpty)
                #expect(reckoning.effects == Dictionary(uniqueKeysWithValues: reckoning.done.map { ($0, 1) }))
                #expect(reckoning.arrivals == arrivals)
            }
            #expect(try await world.auditVerifies())
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `Row 20: what the ERP carries out long after it hung up is waited for and not sent again`() async throws {
        let (late, settles) = (FaultRun.size(2.0, long: 20), FaultRun.size("5", long: "30"))
        try await FaultWorld.during(.sqlite, FaultWorld.Wish(settles: settles)) { world in
            try await world.serving { _, client in
                try await world.misbehave([
                    "mode": .string("late"), "seconds": .number(late), "count": .number(6), "routes": .list([.string("writes")]),
                ])
                let suggestions = Suggestions(world, on: .system)
                _ = try await client.post("/process/v1/recommendations", .list((0..<6).map(suggestions.body)))
                let reckoning = try await Reckoning.take(world, from: client)
                FaultRun.note(row: 20, "carried out \(late) s after the connection was closed: \(reckoning)")
                #expect(reckoning.count("done") == 6)
                #expect(reckoning.arrivals == 6 && reckoning.duplicates.isEmpty)
                #expect(reckoning.effects == Dictionary(uniqueKeysWithValues: reckoning.done.map { ($0, 1) }))
            }
            #expect(try await world.auditVerifies())
        }
    }
}
