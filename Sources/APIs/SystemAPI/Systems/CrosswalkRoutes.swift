import CanonicalModel
import CanonicalStore
import EventLog
import Gateway
import Governance
import HTTPTypes
import Hummingbird
import Replenishment
import Storage
import Vocabulary

/// What outside systems call our items, locations and suppliers.
struct CrosswalkRoutes: Sendable {
    let gateway: GatewayServices
    let flow: FlowServices

    struct RowAnswer: Encodable, Sendable {
        let row: Int
        let violations: [Violation]
    }

    struct Noted: Encodable, Sendable {
        let noted: Int
        let refused: [RowAnswer]
    }

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("crosswalk") { request, _ in
            let query = try RequestQuery(request, allowing: ["system"])
            guard let system = try query.id("system", as: ExternalSystem.self) else {
                throw Fault.invalid("system", found: nil, expected: "the system whose names are asked for")
            }
            let entries = try await flow.database.read { connection in try CrosswalkStore.entries(of: system, on: connection) }
            return try Response.json(ListPage("crosswalk", entries))
        }
        routes.put("crosswalk") { request, context in
            let isCorrection = try RequestQuery(request, allowing: ["correct"]).flag("correct") ?? false
            let batch = try await RequestBatch<CrosswalkEntry>(request, context, most: gateway.limits.batch)
            return try await note(batch, correcting: isCorrection, by: try context.principal.person)
        }
    }

    /// Writes down pairs that are not there yet; one that contradicts another leaves its neighbours alone, or takes its place.
    private func note(
        _ batch: RequestBatch<CrosswalkEntry>, correcting: Bool, by person: ID<Person>
    ) async throws -> Response {
        var refused: [RowAnswer] = []
        var entries: [(row: Int, entry: CrosswalkEntry)] = []
        for (index, row) in batch.rows.enumerated() {
            switch row {
            case .refused(let violations): refused.append(RowAnswer(row: index + 1, violations: violations))
            case .read(let entry):
                let violations = entry.violations(row: index + 1)
                if violations.isEmpty { entries.append((index + 1, entry)) }
                if !violations.isEmpty { refused.append(RowAnswer(row: index + 1, violations: violations)) }
            }
        }
        let now = flow.clock.now()
        let conflicts = try await flow.database.write { [entries] connection -> [CrosswalkConflict] in
            if correcting {
                for (_, entry) in entries { try correct(entry, by: person, connection, now) }
                return []
            }
            return try CrosswalkStore.conflicts(noting: entries.map(\.entry), on: connection, at: now)
        }
        let messages = Dictionary(conflicts.map { ($0.entry, $0.message) }) { first, _ in first }
        for (row, entry) in entries {
            guard let message = messages[entry] else { continue }
            refused.append(
                RowAnswer(row: row, violations: [Violation("canonicalID", found: entry.canonicalID, expected: message, row: row)])
            )
        }
        if batch.isSingle, let only = refused.first { throw Fault.conflict(only.violations.first?.expected ?? "") }
        return try .json(
            Noted(noted: batch.rows.count - refused.count, refused: refused.sorted { $0.row < $1.row }),
            status: refused.isEmpty ? .ok : .multiStatus)
    }
}

extension CrosswalkRoutes {
    private struct Correction: Encodable {
        let before: [CrosswalkEntry]
        let after: CrosswalkEntry
    }

    /// A wrong pair sends goods to the wrong shelf, so who corrected it, and what it was, is kept in the audit.
    private func correct(
        _ entry: CrosswalkEntry, by person: ID<Person>, _ connection: any Connection, _ now: Instant
    ) throws {
        let before = try CrosswalkStore.correct(entry, on: connection, at: now)
        guard !before.isEmpty else { return }
        let subject = "\(entry.system)|\(entry.subject.rawValue)|\(entry.externalID)"
        let told = Correction(before: before, after: entry)
        try flow.events.append(
            [NewEvent(type: "plimsoll.crosswalk.corrected", subject: subject, data: told, source: "/crosswalk", key: subject)],
            on: connection, at: now)
        try flow.audit.append(
            [AuditEntry(kind: "crosswalk.corrected", subject: subject, actor: person.rawValue, body: told)], on: connection,
            at: now)
    }
}

extension CrosswalkEntry {
    fileprivate func violations(row: Int) -> [Violation] {
        [("externalID", externalID), ("canonicalID", canonicalID)].compactMap { field, value in
            identifierComplaint(about: value).map { Violation(field, found: value, expected: $0, row: row) }
        }
    }
}
