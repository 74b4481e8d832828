import CanonicalModel
import EventLog
import Governance
import Storage
import Vocabulary

/// Turns received recommendations into decisions, in batches.
package struct DecisionStage: Sendable {
    /// The version of `conclude`; stored with each decision, so that old ones are recomputed by what made them.
    package static let version = 1

    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    /// Decides what has been received.
    ///
    /// A batch that fails is split until the one that cannot be decided is alone; that one becomes a dead letter.
    ///
    /// - Returns: how many were decided or set aside; less than the batch size when nothing is left.
    @discardableResult
    package func run() async throws -> Int {
        let limit = services.settings.batch
        let waiting = try await services.database.read { connection in
            try connection.values(
                """
                SELECT id FROM replenishment WHERE state = 'received' AND \(isWaiting)
                ORDER BY accepted_at, order_key, version LIMIT \(limit)
                """, as: ID<Recommendation>.self)
        }
        try await decide(waiting[...])
        if !waiting.isEmpty { services.bells.announce(.dispatch) }
        return waiting.count
    }

    private func decide(_ ids: ArraySlice<ID<Recommendation>>) async throws {
        guard !ids.isEmpty else { return }
        do {
            try await services.write { ledger in try decide(ids, ledger) }
        } catch let fault as Fault where fault.isPassing {
            throw fault
        } catch {
            guard ids.count == 1, let id = ids.first else {
                let middle = ids.startIndex + ids.count / 2
                try await decide(ids[..<middle])
                try await decide(ids[middle...])
                return
            }
            try await setAside(id, because: error)
        }
    }

    private func decide(_ ids: ArraySlice<ID<Recommendation>>, _ ledger: Ledger) throws {
        // They are found by their ids: `|| ''` keeps the database from going through all that is received instead.
        let rows = try ledger.rows(
            """
            WHERE id \(anyOf: ids) AND state || '' = 'received'
            ORDER BY replenishment.accepted_at, replenishment.order_key, replenishment.version
            """)
        var placements: [Placement] = []
        var decider = try Decider(rows, ledger)
        for row in rows {
            switch try decider.decide(row) {
            case .placed(let placement): placements.append(placement)
            case .missing(let reason):
                try ledger.move(row, to: .held, Change(reason: reason, fault: Fault.Code.notFound.name))
                try ledger.exceptions.open("unknownPosition", of: row, team: "masterData", summary: reason)
            }
        }
        try Placements(placements, ledger).write()
    }

    private func setAside(_ id: ID<Recommendation>, because error: any Error) async throws {
        let fault = error as? Fault ?? .defect("\(error)")
        try await services.write { ledger in
            let row = try ledger.row(id)
            try ledger.move(row, to: .deadLetter, Change(reason: fault.message, fault: fault.code.name))
            try ledger.exceptions.open("deadLetter", of: row, team: "operations", summary: fault.message)
        }
    }
}

extension Fault {
    /// Whether the trouble is the database's and not the row's: trying again later is all there is to do.
    package var isPassing: Bool {
        if case .retry = disposition { return true }
        return false
    }
}
