import CanonicalModel
import CanonicalStore
import ConnectorKit
import Logging
import Storage
import Vocabulary

/// What was done does not stay done by itself: an ERP is put back to its backup, and people change and cancel what was ordered.
///
/// So what was done lately is looked for again, in rounds through each system. What has vanished is held for a person and
/// counts as cover until they say what became of it; it is never sent again by itself.
package struct EffectReview: Sendable {
    let services: FlowServices
    let logger: Logger

    package init(_ services: FlowServices, logger: Logger) {
        self.services = services
        self.logger = logger
    }

    /// Looks at the next page of this round.
    ///
    /// - Returns: whether there is more to look at now.
    @discardableResult
    package func run(_ system: ConnectedSystems.Connected) async throws -> Bool {
        guard services.settings.reviewEvery > .zero, let page = try await take(system) else { return false }
        let looks = await look(page, in: system)
        try await write(looks, of: page, system)
        return looks.count == page.effects.count && !page.isLast
    }

    private struct Effect: Sendable {
        let row: ReplenishmentRow
        let action: Action
    }

    private struct Page: Sendable {
        let effects: [Effect]
        let names: Crosswalk
        let after: String
        /// Where the next page begins, and whether this is the last one of the round.
        let last: String
        let isLast: Bool
        let startedAt: Instant
    }

    /// Reads the next page and takes it for this process, so that two do not look at the same one.
    ///
    /// - Returns: nil when no round is due, or another process was faster.
    private func take(_ system: ConnectedSystems.Connected) async throws -> Page? {
        let now = services.clock.now()
        let found = try await services.database.read { connection in try next(system, connection, now) }
        guard let (page, nextAt) = found else { return nil }
        return try await services.write(promising: false) { ledger in
            let until = ledger.now + services.settings.callTimeout
            let taken: Int
            if let nextAt {
                taken = try ledger.connection.run(
                    """
                    UPDATE effect_review SET next_at = \(until)
                    WHERE system = \(system.name) AND next_at = \(nextAt) AND position = \(page.after)
                    """)
            } else {
                taken = try ledger.connection.run(
                    """
                    INSERT INTO effect_review (system, started_at, next_at, position)
                    VALUES (\(system.name), \(page.startedAt), \(until), '') ON CONFLICT (system) DO NOTHING
                    """)
            }
            return taken == 1 ? page : nil
        }
    }

    private func next(
        _ system: ConnectedSystems.Connected, _ connection: any Connection, _ now: Instant
    ) throws -> (Page, nextAt: Instant?)? {
        let standing = try connection.rows(
            "SELECT started_at, next_at, position FROM effect_review WHERE system = \(system.name)"
        ) { row in (startedAt: try row[0] as Instant, nextAt: try row[1] as Instant, position: try row[2] as String) }.first
        if let standing, standing.nextAt > now { return nil }
        let wantsRest = try connection.value("SELECT 1 WHERE \(TargetStanding.wantsRest(system.name, at: now))", as: Int.self)
        guard wantsRest == nil else { return nil }
        let after = standing?.position ?? ""
        let ledger = Ledger(connection: connection, now: now, services: services)
        let limit = max(services.settings.inFlight, 1)
        let rows = try ledger.rows(
            """
            WHERE id > \(after) AND system = \(system.name) AND updated_at > \(now - services.settings.reviewFor)
                AND (state = 'done' OR (state = 'held' AND fault = \(Fault.Code.vanished.name)))
                AND NOT (\(isReplaced))
            ORDER BY id LIMIT \(limit)
            """)
        let effects = rows.compactMap { row in row.action.map { Effect(row: row, action: $0) } }
            .filter { isSettled($0, in: system, now) }
        let page = Page(
            effects: effects, names: try services.crosswalks.names(of: system.name, on: connection), after: after,
            last: rows.last?.id.rawValue ?? after, isLast: rows.count < limit,
            startedAt: after.isEmpty ? now : standing?.startedAt ?? now)
        return (page, standing?.nextAt)
    }

    /// Whether not finding it would prove something: the system gives certainty, and has had its time.
    private func isSettled(_ effect: Effect, in system: ConnectedSystems.Connected, _ now: Instant) -> Bool {
        guard let capability = system.connector.capabilities[effect.action.kind], capability.repeatability != .none else {
            return false
        }
        return effect.row.updatedAt + capability.settles <= now
    }

    private typealias Look = (effect: Effect, finding: Finding)

    /// What could be looked at, up to the first that could not.
    private func look(_ page: Page, in system: ConnectedSystems.Connected) async -> [Look] {
        let effects = page.effects
        let found = await withTaskGroup(of: (Int, Finding?).self) { group in
            for (index, effect) in effects.enumerated() {
                group.addTask {
                    do {
                        let finding = try await system.connector.find(
                            effect.action, reference: effect.row.reference, names: page.names)
                        return (index, finding)
                    } catch {
                        logger.warning(
                            "an effect could not be looked for", metadata: ["id": "\(effect.row.id)", "error": "\(error)"])
                        return (index, nil)
                    }
                }
            }
            return await group.reduce(into: [Int: Finding]()) { found, answer in found[answer.0] = answer.1 }
        }
        return effects.indices.prefix { found[$0] != nil }.compactMap { index in found[index].map { (effects[index], $0) } }
    }

    private func write(_ looks: [Look], of page: Page, _ system: ConnectedSystems.Connected) async throws {
        let isWhole = looks.count == page.effects.count
        try await services.write(promising: false) { ledger in
            let known = try open(looks.map(\.effect.row.id.rawValue), on: ledger.connection)
            let replaced = try replaced(looks.map(\.effect.row.id), on: ledger.connection)
            for look in looks where !replaced.contains(look.effect.row.id) { try settle(look, known, system, ledger) }
            let (position, nextAt): (String, Instant) =
                if !isWhole {
                    (looks.last?.effect.row.id.rawValue ?? page.after, ledger.now + .seconds(30))
                } else if page.isLast {
                    ("", max(ledger.now, page.startedAt + services.settings.reviewEvery))
                } else {
                    (page.last, ledger.now)
                }
            try ledger.connection.run(
                """
                UPDATE effect_review SET position = \(position), next_at = \(nextAt), started_at = \(page.startedAt)
                WHERE system = \(system.name) AND position = \(page.after)
                """)
        }
    }

    /// Which of these were replaced while they were looked for.
    private func replaced(_ ids: [ID<Recommendation>], on connection: any Connection) throws -> Set<ID<Recommendation>> {
        Set(try connection.values("SELECT id FROM replenishment WHERE id \(anyOf: ids) AND \(isReplaced)"))
    }

    /// Which of these somebody has been told of already as changed.
    private func open(_ subjects: [String], on connection: any Connection) throws -> Set<String> {
        Set(
            try connection.values(
                """
                SELECT subject FROM planning_exception WHERE kind = 'effectChanged' AND closed_at IS NULL
                    AND subject \(anyOf: subjects)
                """, as: String.self))
    }

    private func settle(
        _ look: Look, _ known: Set<String>, _ system: ConnectedSystems.Connected, _ ledger: Ledger
    ) throws {
        let row = look.effect.row
        switch look.finding {
        case .found(let document):
            if known.contains(row.id.rawValue) {
                try ledger.exceptions.close(
                    subject: row.id.rawValue, kind: "effectChanged", by: "plimsoll", "It is again what was asked for.")
            }
            guard row.state == .held else { return }
            try ledger.move(
                row, to: .done, Change(reason: "\(document.kind) \(document.number) is there again.", document: document))
        case .different(let document, let difference):
            let summary =
                "\(document.kind) \(document.number) in \(system.name) is not what was asked for any more: \(difference)."
            try ledger.exceptions.open("effectChanged", of: row, team: "operations", summary: summary)
            guard !known.contains(row.id.rawValue) else { return }
            try ledger.record("effect.changed", row.id, by: "plimsoll", ["difference": difference, "document": document.number])
        case .absent:
            guard row.state == .done else { return }
            let number = row.document?.number ?? "Its document"
            let reason = "\(number) was in \(system.name) and is gone; it counts as cover until somebody says what became of it."
            let change = Change(reason: reason, fault: Fault.Code.vanished.name, document: row.document)
            guard try ledger.move(row, to: .held, change) else { return }
            try ledger.exceptions.open("effectVanished", of: row, team: "operations", summary: reason, due: .hours(4))
        }
    }
}

/// A policy that a newer one has replaced, or may have, says nothing any more.
private let isReplaced: SQL =
    """
    action_kind = 'setInventoryPolicy' AND EXISTS (
        SELECT 1 FROM recommendation m JOIN recommendation n ON n.order_key = m.order_key JOIN replenishment s ON s.id = n.id
        WHERE m.id = replenishment.id AND (n.made_at, n.version) > (m.made_at, m.version)
            AND s.attempts > 0 AND s.state IN ('done', 'inflight', 'unknown', 'held'))
    """
