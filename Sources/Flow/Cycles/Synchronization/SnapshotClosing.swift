import CanonicalModel
import CanonicalStore
import ConnectorKit
import EventLog
import Storage
import Vocabulary

/// What is done when a snapshot was read to its end: what it did not contain has gone.
struct SnapshotClosing: Sendable {
    let system: ID<ExternalSystem>
    let feed: Feed
    let round: Instant
    /// How many rows the snapshot had.
    let rows: Int

    /// Why silence proves nothing this time; nil when it does.
    func objection(on connection: any Connection) throws -> String? {
        guard feed == .balances || feed == .supply else { return nil }
        if rows == 0 {
            // A lost permission looks like this. Stock that is truly gone would show as zero, or in the next snapshot.
            let open =
                try feed == .balances ? openCount(Balance.self, on: connection) : openCount(SupplyLine.self, on: connection)
            return open == 0 ? nil : "The snapshot was empty, so none of the \(open) open rows was closed."
        }
        let unnamed = try RefusedRows.names(since: round, of: system, in: feed, on: connection).filter(isRowNumber)
        guard !unnamed.isEmpty else { return nil }
        return "\(unnamed.count) refused rows carry no id of their own, so nothing was closed: what is missing may be among them."
    }

    /// Closes some of what is missing.
    ///
    /// - Returns: the events to tell; none once all is closed.
    func closeSome(on connection: any Connection, at now: Instant) throws -> [NewEvent] {
        switch feed {
        case .balances: try close(Balance.self, on: connection, at: now)
        case .supply: try close(SupplyLine.self, on: connection, at: now)
        case .items, .locations, .suppliers, .sourcing, .lanes, .policies, .demand: []
        }
    }

    private func close<Entity: ClosableEntity>(
        _ type: Entity.Type, on connection: any Connection, at now: Instant
    ) throws -> [NewEvent] {
        let refused = try RefusedRows.names(since: round, of: system, in: feed, on: connection)
        let closed = try Records<Entity>.closeMissing(from: system, round: round, keeping: refused, on: connection, at: now)
        return try closed.map { try .changed($0.entity, .closed, version: $0.version, in: system) }
    }

    private func openCount<Entity: ClosableEntity>(_ type: Entity.Type, on connection: any Connection) throws -> Int {
        try Records<Entity>.count(where: "source_system = \(system) AND \(Entity.isOpen)", on: connection)
    }
}

/// Whether a refusal is named by its place, `row 17`, and not by an id that we could know it by.
private func isRowNumber(_ name: String) -> Bool {
    name.hasPrefix("row ") && name.dropFirst(4).allSatisfy(\.isNumber)
}
