import EventLog
import Storage
import Vocabulary

/// What one transaction has to tell, kept until its end and then written in one go.
///
/// The heads of the event log and of the audit chain stay locked from their first entry until the commit, so everything
/// else is written before: transactions then overlap but for their last steps, and none that holds a head waits for a row.
final class Journal {
    private var events: [NewEvent] = []
    private var entries: [AuditEntry] = []

    func tell(_ event: NewEvent) { events.append(event) }
    func tell(_ entry: AuditEntry) { entries.append(entry) }

    func write(on connection: any Connection, at now: Instant, _ services: FlowServices) throws {
        try services.audit.append(events, to: services.events, and: entries, on: connection, at: now)
        events = []
        entries = []
    }
}
