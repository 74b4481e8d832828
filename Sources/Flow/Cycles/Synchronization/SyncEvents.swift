import CanonicalModel
import CanonicalStore
import ConnectorKit
import EventLog
import Vocabulary

/// The data of `plimsoll.<entity>.changed`: the record as it is now.
package struct RecordChange<Entity: CanonicalEntity>: Codable, Hashable, Sendable {
    package let change: ChangeKind
    package let version: Int64
    package let entity: Entity
}

package enum ChangeKind: String, Codable, Sendable {
    case created, updated
    /// The system's complete snapshot no longer had it: stock became none, an open line cancelled or, if all of it had
    /// arrived, received.
    case closed
}

/// The data of `plimsoll.demand.received`: one event a page, because single rows mean little and are many.
package struct DemandReceived: Codable, Hashable, Sendable {
    package let counts: DemandCounts
    package let locations: [ID<Location>]
    package let from: BusinessDate
    package let through: BusinessDate
}

extension NewEvent {
    static func changed<Entity: CanonicalEntity>(
        _ entity: Entity, _ change: ChangeKind, version: Int64, in system: ID<ExternalSystem>
    ) throws(Fault) -> NewEvent {
        try NewEvent(
            type: "plimsoll.\(Entity.contract.name).changed", subject: "\(Entity.contract.name)/\(entity.id)",
            data: RecordChange(change: change, version: version, entity: entity), source: address(of: system))
    }

    static func demandReceived(
        _ demand: DemandRows, _ counts: DemandCounts, in system: ID<ExternalSystem>
    ) throws(Fault) -> NewEvent? {
        let dates = demand.rows.lazy.map(\.date)
        guard let from = dates.min(), let through = dates.max() else { return nil }
        return try NewEvent(
            type: "plimsoll.demand.received", subject: "system/\(system)",
            data: DemandReceived(
                counts: counts, locations: Set(demand.positions.map(\.location)).sorted(), from: from, through: through),
            source: address(of: system))
    }

    static func completed(_ summary: SyncSummary) throws(Fault) -> NewEvent {
        try NewEvent(
            type: "plimsoll.sync.completed", subject: "system/\(summary.system)", data: summary,
            source: address(of: summary.system))
    }
}

/// The system as a URI reference: what may not stand in one is percent-encoded.
private func address(of system: ID<ExternalSystem>) -> String {
    system.rawValue.utf8.reduce(into: "/systems/") { text, byte in
        let character = Character(UnicodeScalar(byte))
        if character.isASCII, character.isLetter || character.isNumber || "-._~".contains(character) {
            text.append(character)
        } else {
            text += "%" + hexadecimal([byte]).uppercased()
        }
    }
}
