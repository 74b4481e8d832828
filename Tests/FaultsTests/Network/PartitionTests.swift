import Server
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite(.enabled(if: Backend.available.contains(.postgres)))
struct `A replica that is cut off` {
    /// What is held back on the way to the database.
    static let partitions: [(name: String, held: Set<LoopbackProxy.Way>)] = [
        ("in both directions", [.there, .back]), ("so that it can only speak", [.back]), ("so that it can only hear", [.there]),
    ]

    @Test(.timeLimit(.minutes(10)), arguments: FaultRun.size(Array(partitions.prefix(1)), long: partitions))
    func `Row 14: from the database loses its work to the others, and does nothing twice when it is back`(
        partition: (name: String, held: Set<LoopbackProxy.Way>)
    ) async throws {
        try await FaultWorld.during(.postgres, FaultWorld.Wish(flow: "{callTimeoutSeconds: 20}")) { world in
            try await LoopbackProxy.with(to: world.databasePort) { database in
                try await LoopbackProxy.with(to: world.erpPort) { erp in
                    let lonely = try world.start(
                        dyingAt: nil,
                        [
                            "PLIMSOLL_DATABASE": world.database(over: database),
                            "PLIMSOLL_SYSTEM_ERP_URL": "http://127.0.0.1:\(erp.port)",
                        ])
                    defer { lonely.endAtOnce() }
                    let first = APIClient(server: try await lonely.line(beginning: "Plimsoll is ready at"), key: world.key)
                    erp.change { $0.held = [.back] }
                    try await submit(8, to: first, world)
                    try await eventually("eight are in flight") { try await count(["inflight"], atMost: 8, at: first) == 8 }
                    try await world.serving { _, second in
                        let held = partition.held
                        database.change { $0.held = held }
                        let start = ContinuousClock.now
                        let suggestions = Suggestions(world, on: .system)
                        _ = try await second.post("/process/v1/recommendations", .list((8..<16).map(suggestions.body)))
                        let during = try await Reckoning.take(world, from: second)
                        let took = ContinuousClock.now - start
                        #expect(during.count("done") == 16 && during.duplicates.isEmpty)
                        try await Task.sleep(for: .seconds(FaultRun.size(2, long: 40)))

                        erp.change { $0.held = [] }
                        database.change { $0.held = [] }
                        let healed = ContinuousClock.now
                        try await eventually("the one that was cut off takes work again") {
                            (try? await first.post("/process/v1/recommendations", suggestions.body(16))) != nil
                        }
                        let after = try await Reckoning.take(world, from: first)
                        FaultRun.note(
                            row: 14,
                            "cut off \(partition.name): its work was finished by another in \(took.shown); back "
                                + "\((ContinuousClock.now - healed).shown) after healing; \(after)")
                        #expect(after.count("done") == 17 && after.duplicates.isEmpty)
                        #expect(after.effects == Dictionary(uniqueKeysWithValues: after.done.map { ($0, 1) }))
                    }
                    await first.close()
                }
            }
            #expect(try await world.auditVerifies())
        }
    }
}
