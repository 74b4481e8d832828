import CanonicalModel
import EventLog
import Storage
import TestBackends
import Testing
import Vocabulary

@testable import Replenishment

@Suite struct `A recommendation that comes in` {
    private func take(_ recommendations: [Recommendation], in world: FlowWorld) async throws -> [Receipt.Kind] {
        try await Intake(world.services).accept(recommendations, by: "forecastCloud").map(\.kind)
    }

    /// As a part of a larger transaction, which decides nothing.
    private func takeUndecided(_ recommendation: Recommendation, in world: FlowWorld) async throws {
        let now = world.clock.now
        _ = try await world.services.database.write { connection in
            try Intake(world.services).accept([PreparedRecommendation(recommendation)], by: "other", on: connection, at: now)
        }
    }

    private func rename(_ table: String, to name: String, in world: FlowWorld) async throws {
        _ = try await world.services.database.write { connection in
            try connection.run("ALTER TABLE \(identifier: table) RENAME TO \(identifier: name)")
        }
    }

    @Test(arguments: Backend.available)
    func `is decided before it is acknowledged, and told as if it had waited`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            #expect(try await take([world.recommendation()], in: world) == [.accepted])
            let row = try await world.row()
            #expect(row.state == .approved && row.nextAt == world.clock.now && row.system == "erp")
            #expect(try await DecisionStage(world.services).run() == 0)
            let explanation = try await Explainer(world.services).explain("r1")
            #expect(
                explanation.audit.map(\.kind) == ["recommendation.received", "recommendation.decided", "recommendation.approved"])
            #expect(explanation.decisions.map(\.isReproducible) == [true])
            let expected = try await world.services.database.read { connection in
                try connection.first("SELECT goods_item, goods_location, goods FROM replenishment") { columns in
                    (try columns[0] as String, try columns[1] as String, try columns[2] as Quantity)
                }
            }
            let goods = try #require(expected)
            #expect(goods.0 == "bolt" && goods.1 == "east" && goods.2 == Quantity(140))
            try await world.runToEnd()
            #expect(try await world.row().state == .done)
            let report = try await AuditVerifier(world.services.database, texts: replenishmentTexts).verify(
                checkpoints: [], publicKey: AuditSigningKey().publicKey)
            #expect(report.isSound)
        }
    }

    @Test(arguments: Backend.available)
    func `and is held has its exception at once`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await world.put([Location(id: "east", name: "East", region: "us", system: nil)])
            #expect(try await take([world.recommendation()], in: world) == [.accepted])
            #expect(try await world.row().state == .held)
            #expect(try await world.exceptions().map(\.kind) == ["held"])
        }
    }

    @Test(arguments: Backend.available)
    func `Row 30: and cannot be decided is accepted all the same, and decided when it can be`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await rename("decision", to: "elsewhere", in: world)
            #expect(try await take([world.recommendation()], in: world) == [.accepted])
            try await rename("elsewhere", to: "decision", in: world)
            #expect(try await world.row().state == .received)
            #expect(try await DecisionStage(world.services).run() == 1)
            #expect(try await world.row().state == .awaitingApproval)
        }
    }

    @Test(arguments: Backend.available)
    func `is decided after those that wait already`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await takeUndecided(world.recommendation("first"), in: world)
            world.clock.advance(by: .seconds(1))
            let second = Recommendation(
                id: "second", source: "forecastCloud", item: "bolt", location: "west",
                proposal: .policy(PolicyLevels(reorderPoint: Quantity(9), safetyStock: .zero, orderUpTo: Quantity(10))),
                assumptions: Assumptions(), madeAt: TestClock.start)
            #expect(try await take([second], in: world) == [.accepted])
            #expect(try await world.row("second").state == .received)
            #expect(try await DecisionStage(world.services).run() == 2)
            let order = try await world.services.database.read { connection in
                try connection.values(
                    "SELECT subject FROM event WHERE type = 'plimsoll.recommendation.decided' ORDER BY position", as: String.self)
            }
            #expect(order == ["first", "second"])
        }
    }

    @Test(arguments: Backend.available)
    func `supersedes what was not sent before it is decided, also when both come together`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            #expect(try await take([world.recommendation("old")], in: world) == [.accepted])
            let newer = world.recommendation("new", madeAt: TestClock.start + .seconds(1))
            let newest = world.recommendation("newest", madeAt: TestClock.start + .seconds(2))
            #expect(try await take([newer, newest], in: world) == [.accepted, .accepted])
            let states = [try await world.row("old").state, try await world.row("new").state]
            #expect(states == [.superseded, .superseded])
            #expect(try await DecisionStage(world.services).run() == 1)
            #expect(try await world.row("newest").state == .awaitingApproval)
        }
    }
}
