import CanonicalModel
import CanonicalStore
import ConnectorKit
import Logging
import Storage
import Vocabulary

/// Looks into the outside systems for what a restored database has forgotten, and adopts it instead of sending it again.
package struct Reconciliation: Sendable {
    let services: FlowServices
    let logger: Logger

    package init(_ services: FlowServices, logger: Logger) {
        self.services = services
        self.logger = logger
    }

    private struct Search: Sendable {
        let row: ReplenishmentRow
        let action: Action
        let system: ConnectedSystems.Connected
        let names: Crosswalk
    }

    /// Looks for what is marked and has an action by now; what cannot be asked now stays marked.
    ///
    /// - Returns: how many were settled.
    @discardableResult
    package func run() async throws -> Int {
        let searches = try await due()
        guard !searches.isEmpty else { return 0 }
        let settled = await withTaskGroup(of: Bool.self) { group in
            for search in searches { group.addTask { await settle(search) } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        try await reportStrangers()
        return settled
    }

    private func due() async throws -> [Search] {
        let now = services.clock.now()
        return try await services.database.read { connection in
            let ledger = Ledger(connection: connection, now: now, services: services)
            // What is on its way is settled by reading back in any case.
            let rows = try ledger.rows(
                """
                WHERE look_first = 1 AND action_kind IS NOT NULL AND state NOT IN ('inflight', 'unknown')
                ORDER BY replenishment.accepted_at, id LIMIT \(services.settings.inFlight)
                """)
            return try rows.compactMap { row in
                guard let action = row.action, let name = row.system, let system = services.systems[name] else { return nil }
                return Search(
                    row: row, action: action, system: system, names: try services.crosswalks.names(of: name, on: connection))
            }
        }
    }

    private func settle(_ search: Search) async -> Bool {
        do {
            let finding = try await search.system.connector.find(
                search.action, reference: search.row.reference, names: search.names)
            try await services.write { ledger in try settle(search, finding, ledger) }
            return true
        } catch {
            logger.warning(
                "a restored action could not be looked for", metadata: ["id": "\(search.row.id)", "error": "\(error)"])
            return false
        }
    }

    private func settle(_ search: Search, _ finding: Finding, _ ledger: Ledger) throws {
        let row = search.row
        switch finding {
        case .found(let document):
            let reason =
                "\(document.kind) \(document.number) was in \(search.system.name) already when the database was restored."
            guard try ledger.move(row, to: .done, Change(reason: reason, document: document)) else { return }
            try ledger.record("recommendation.adopted", row.id, by: "plimsoll", document)
        case .different(let document, let difference):
            try hold(row, .different, "\(document.kind) \(document.number) has our reference but differs: \(difference).", ledger)
        case .absent:
            let repeatability = search.system.connector.capabilities[search.action.kind]?.repeatability ?? .none
            guard repeatability == .none, row.state != .held else { break }
            try hold(
                row, .unsettled, "After a restore nobody can tell whether it was sent, and its system cannot either.", ledger)
        }
        try ledger.connection.run("UPDATE replenishment SET look_first = 0 WHERE id = \(row.id)")
    }

    private func hold(_ row: ReplenishmentRow, _ code: Fault.Code, _ reason: String, _ ledger: Ledger) throws {
        guard try row.state == .held || ledger.move(row, to: .held, Change(reason: reason, fault: code.name)) else { return }
        try ledger.exceptions.open("unknownOutcome", of: row, team: "operations", summary: reason, due: .hours(4))
    }

    /// Open supply under a reference of ours that this database does not know: cover that stays cover, and somebody's to know of.
    private func reportStrangers() async throws {
        try await services.write { ledger in
            let strangers = try ledger.connection.rows(
                """
                SELECT s.id, s.item, s.destination, s.reference FROM supply_line s WHERE s.reference LIKE 'PLM-%'
                    AND NOT EXISTS (SELECT 1 FROM recommendation r WHERE r.reference = s.reference) ORDER BY s.id LIMIT 1000
                """
            ) { row in
                (
                    id: try row[0] as String, item: try row[1] as ID<Item>, at: try row[2] as ID<Location>,
                    name: try row[3] as String
                )
            }
            for line in strangers {
                try ledger.exceptions.open(
                    "forgottenAction", subject: line.name, team: "operations", item: line.item, location: line.at,
                    summary: "\(line.id) is there under our reference \(line.name), which the restored database does not know; "
                        + "it counts as cover.")
            }
        }
    }
}
