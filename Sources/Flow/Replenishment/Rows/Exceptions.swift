import CanonicalModel
import EventLog
import Storage
import Vocabulary

/// A matter for a person: an owner, a time by which it is due, and what it endangers.
package struct ExceptionCase: Codable, Sendable, Hashable {
    package let id: String
    /// `drift`, `held`, `unknownOutcome`, `deadLetter`, `approvalOverdue`, `approvalEscalated`,
    /// `provisionalChanged`, `forgottenAction`, `lateForecast`, `unplanned`, …
    package let kind: String
    /// What it is about: a recommendation, a cycle, a system.
    package let subject: String
    package let team: String
    package let item: ID<Item>?
    package let location: ID<Location>?
    package let summary: String
    package let impact: Impact?
    package let openedAt: Instant
    package let dueAt: Instant
    /// How often the same trouble was met while this was open.
    package let seen: Int
    package let closedAt: Instant?
    package let closedBy: String?
    package let resolution: String?
}

/// A technical fault as its business impact.
package struct Impact: Codable, Sendable, Hashable {
    /// The first day on which the stock is expected to be used up; nil when none is in sight.
    package let stockOutOn: BusinessDate?
    /// What will be missing by the end of the horizon, in stocking units.
    package let quantityAtRisk: Quantity?
    package let explanation: String
}

/// The exception queue: one open entry per kind and subject; the same trouble again reminds and does not duplicate.
package struct Exceptions {
    let connection: any Connection
    let now: Instant
    let services: FlowServices
    /// Of the transaction of the flow that this is a part of; nil outside one, where events are written at once.
    private let journal: Journal?

    package init(connection: any Connection, now: Instant, services: FlowServices) {
        self.init(connection: connection, now: now, services: services, journal: nil)
    }

    init(connection: any Connection, now: Instant, services: FlowServices, journal: Journal?) {
        self.connection = connection
        self.now = now
        self.services = services
        self.journal = journal
    }

    /// A matter about one recommendation, at the place that it is for.
    func open(
        _ kind: String, of row: ReplenishmentRow, team: String, summary: String, impact: Impact? = nil, due: Duration = .hours(24)
    ) throws {
        try open(
            kind, subject: row.id.rawValue, team: team, item: row.recommendation.item, location: row.recommendation.location,
            summary: summary, impact: impact, due: due)
    }

    package func open(
        _ kind: String, subject: String, team: String, item: ID<Item>? = nil, location: ID<Location>? = nil, summary: String,
        impact: Impact? = nil, due: Duration = .hours(24)
    ) throws {
        let impactText = try impact.map { impact in try JSON.text(of: impact) }
        let reminded = try connection.run(
            """
            UPDATE planning_exception SET seen = seen + 1, last_seen_at = \(now), summary = \(summary), impact = \(impactText)
            WHERE kind = \(kind) AND subject = \(subject) AND closed_at IS NULL
            """)
        guard reminded == 0 else { return }
        let id = services.randomness.identifier(at: now)
        try connection.run(
            """
            INSERT INTO planning_exception (id, kind, subject, team, item, location, summary, impact, opened_at, due_at,
                last_seen_at)
            VALUES (\(id), \(kind), \(subject), \(team), \(item), \(location), \(summary), \(impactText), \(now),
                \(now + due), \(now))
            """)
        let told = [
            "kind": kind, "team": team, "summary": summary, "item": item?.rawValue ?? "", "location": location?.rawValue ?? "",
        ]
        let event = try NewEvent(
            type: "plimsoll.exception.opened", subject: subject, data: told, source: "/exceptions", key: id)
        if let journal { journal.tell(event) } else { try services.events.append([event], on: connection, at: now) }
    }

    /// Closes everything that is open about `subject`, or one kind of it.
    package func close(subject: String, kind: String? = nil, by person: String, _ resolution: String) throws {
        let ofKind: SQL = kind.map { "AND kind = \($0)" } ?? ""
        try connection.run(
            """
            UPDATE planning_exception SET closed_at = \(now), closed_by = \(person), resolution = \(resolution)
            WHERE subject = \(subject) AND closed_at IS NULL \(ofKind)
            """)
    }

    /// Closes everything that is open about many subjects, in one statement.
    func close(subjects: [String], by person: String, _ resolution: String) throws {
        try connection.run(
            """
            UPDATE planning_exception SET closed_at = \(now), closed_by = \(person), resolution = \(resolution)
            WHERE subject \(anyOf: subjects) AND closed_at IS NULL
            """)
    }

    /// Closes one entry.
    ///
    /// - Parameter scope: a condition on the column `location`: what the closer may see.
    /// - Throws: `input.notFound`; `input.conflict` when it is closed already.
    package func close(id: String, scope: SQL = "1 = 1", by person: String, _ resolution: String) throws {
        let found: [Bool] = try connection.rows(
            "SELECT closed_at FROM planning_exception WHERE id = \(id) AND \(scope) \(.forUpdate)"
        ) { row in (try row[0] as Instant?) != nil }
        guard let isClosed = found.first else { throw Fault.notFound("Exception \(id)") }
        guard !isClosed else { throw Fault.conflict("Exception \(id) is closed already.") }
        try connection.run(
            "UPDATE planning_exception SET closed_at = \(now), closed_by = \(person), resolution = \(resolution) WHERE id = \(id)"
        )
        let told = ["resolution": resolution]
        // Events before audit entries, as everywhere: two transactions then never wait for each other's heads.
        try services.events.append(
            [NewEvent(type: "plimsoll.exception.closed", subject: id, data: told, source: "/exceptions", key: id)],
            on: connection, at: now)
        try services.audit.append(
            [AuditEntry(kind: "exception.closed", subject: id, actor: person, body: told)], on: connection, at: now)
    }

    /// - Parameters:
    ///   - scope: a condition on the column `location`: what the asker may see.
    ///   - after: the id of the last entry of the page before.
    package static func list(
        on connection: any Connection, team: String? = nil, open: Bool = true, scope: SQL = "1 = 1", after: String? = nil,
        limit: Int = 100
    ) throws -> [ExceptionCase] {
        let ofTeam: SQL = team.map { "AND team = \($0)" } ?? ""
        let state: SQL = open ? "closed_at IS NULL" : "closed_at IS NOT NULL"
        return try connection.rows(
            """
            SELECT id, kind, subject, team, item, location, summary, impact, opened_at, due_at, seen, closed_at, closed_by,
                resolution
            FROM planning_exception WHERE \(state) AND \(scope) AND id > \(after ?? "") \(ofTeam) ORDER BY id LIMIT \(limit)
            """
        ) { row in
            ExceptionCase(
                id: try row[0], kind: try row[1], subject: try row[2], team: try row[3], item: try row[4], location: try row[5],
                summary: try row[6], impact: try (try row[7] as String?).map { text in try JSON.decode(from: text) },
                openedAt: try row[8], dueAt: try row[9], seen: try row[10], closedAt: try row[11], closedBy: try row[12],
                resolution: try row[13])
        }
    }
}
