import CanonicalModel
import CanonicalStore
import EventLog
import Governance
import Storage
import TestBackends
import Testing
import Vocabulary

@testable import Replenishment

/// Rows as the flow wrote them when texts were kept three times: in one wide row, in the event, and in the audit entry.
@Suite struct `What an earlier version wrote` {
    private static let before =
        canonicalMigrations + eventLogMigrations.filter { $0.name < "eventlog-005" } + auditMigrations
        + replenishmentMigrations.filter { $0.name < "replenishment-011" }

    @Test(arguments: Backend.available)
    func `is explained, verified and carried on after the migration`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, migrations: Self.before) { world in
            let decision = try await world.writeOldRow(world.recommendation())
            try await world.services.database.migrate(FlowWorld.migrations, at: world.clock.now)
            let explanation = try await Explainer(world.services).explain("r1")
            #expect(explanation.decisions.map(\.decision) == [decision])
            #expect(explanation.decisions.map(\.isReproducible) == [true])
            #expect(explanation.audit.map(\.kind) == ["recommendation.received", "recommendation.decided"])
            let row = try await world.row()
            #expect(row.state == .awaitingApproval && row.action == decision.action)
            #expect(row.recommendation == world.recommendation())
            let again = try await world.accept(world.recommendation())
            #expect(again.map(\.kind) == [.duplicate])
            try await world.approve()
            try await world.runToEnd()
            #expect(try await world.row().state == .done)
            #expect(try await findings(world).isEmpty)
            try await world.services.database.write { connection in
                _ = try connection.run("UPDATE audit_entry SET body = REPLACE(body, 'bolt', 'nut') WHERE sequence = 1")
            }
            #expect(try await findings(world).map(\.trouble) == [.contentChanged])
        }
    }

    @Test(arguments: Backend.available)
    func `counts as cover when it brings goods`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable, migrations: Self.before) { world in
            try await world.writeOldRow(world.recommendation(), state: .done)
            try await world.services.database.migrate(FlowWorld.migrations, at: world.clock.now)
            try await world.accept(world.recommendation("r2"))
            let row = try await world.row("r2")
            #expect(row.state == .rejected, "\(row.reason ?? "")")
        }
    }

    private func findings(_ world: FlowWorld) async throws -> [AuditFinding] {
        try await AuditVerifier(world.services.database, texts: replenishmentTexts).verify(
            checkpoints: [], publicKey: AuditSigningKey().publicKey
        ).findings
    }
}

extension FlowWorld {
    /// Writes a recommendation and its decision into the tables as they were before the last migrations.
    @discardableResult
    fileprivate func writeOldRow(
        _ recommendation: Recommendation, state: ReplenishmentState = .awaitingApproval
    ) async throws -> Decision {
        let (services, now) = (services, clock.now)
        return try await services.database.write { connection in
            let position = try PositionFacts.read(
                for: recommendation.item, at: recommendation.location, on: connection, at: now)
            let facts = DecisionFacts(position: position, today: FlowWorld.today, rates: services.settings.rates)
            let (body, factsText) = (try JSON.text(of: recommendation), try JSON.text(of: facts))
            let decision = try Decision(
                id: "d1", on: recommendation, facts: facts, factsDigest: Digest(of: factsText),
                table: services.policies.current, at: now)
            let decisionText = try JSON.text(of: decision)
            let goods = try decision.action?.goods(of: position.item)
            try services.policies.store(on: connection, at: now)
            try connection.run(
                """
                INSERT INTO replenishment (id, state, order_key, version, source, item, location, made_at, body, digest,
                    reference, decision, action_kind, action, system, goods, due_on, expires_at, accepted_at, updated_at)
                VALUES (\(recommendation.id), \(state), \(recommendation.orderKey), 1, \(recommendation.source),
                    \(recommendation.item), \(recommendation.location), \(recommendation.madeAt), \(body),
                    \(Digest(of: body)), 'PLM-0123456789ABCDEF0123', \(decision.id), \(decision.action?.kind.rawValue),
                    \(try decision.action.map { try JSON.text(of: $0) }), 'erp', \(goods?.quantity), \(goods?.dueOn),
                    \(decision.lapsesAt), \(now), \(now))
                """)
            try connection.run(
                """
                INSERT INTO decision (id, recommendation, decided_at, verdict, rule, policy, body, facts)
                VALUES (\(decision.id), \(recommendation.id), \(now), \(decision.verdict.name), \(decision.rule),
                    \(decision.policyVersion), \(decisionText), \(factsText))
                """)
            let told = [("recommendation.received", body), ("recommendation.decided", decisionText)]
            for (offset, (kind, text)) in told.enumerated() {
                try connection.run(
                    """
                    INSERT INTO event (shard, position, id, type, subject, source, at, key, data)
                    VALUES (0, \(offset + 1), \("0195a\(offset)"), \("plimsoll." + kind), \(recommendation.id),
                        '/replenishment', \(now), \(recommendation.id), \(text))
                    """)
            }
            try connection.run("INSERT INTO event_head (shard, position) VALUES (0, \(told.count))")
            try services.audit.append(
                told.map { AuditEntry(kind: $0.0, subject: recommendation.id.rawValue, actor: "forecastCloud", text: $0.1) },
                on: connection, at: now)
            return decision
        }
    }
}
