import Storage

/// Where a recommendation stands on its way to an ERP.
package enum ReplenishmentState: String, Codable, Sendable, CaseIterable, SQLRepresentable {
    /// Durable, acknowledged, not decided yet.
    case received
    /// Decided; people are asked.
    case awaitingApproval
    /// A person must look into it; there is an open exception.
    case held
    /// May be sent.
    case approved
    /// An attempt is written down and may be on the wire.
    case inflight
    /// An attempt ended and nobody knows how; only reading back settles it.
    case unknown
    /// The effect is in the ERP.
    case done
    /// The policy or a person said no.
    case rejected
    /// A newer recommendation for the same thing came before this one was sent.
    case superseded
    /// Nobody approved it in time, or the approval lapsed.
    case expired
    /// It could not be carried out; waits for a person to retry or discard it.
    case deadLetter

    /// Whether nothing more will happen by itself or by a person.
    package var isFinal: Bool {
        switch self {
        case .done, .rejected, .superseded, .expired: true
        case .received, .awaitingApproval, .held, .approved, .inflight, .unknown, .deadLetter: false
        }
    }

    /// Whether nothing has left yet, so that a newer recommendation takes its place.
    static let unsent: [ReplenishmentState] = [.received, .awaitingApproval, .held, .approved, .deadLetter]
}

/// Rows that wait for a person because their last attempt may have had its effect: nothing takes their place, and their goods
/// count.
let mayBeThere: SQL = """
    state = 'held' AND fault IN ('replenishment.unsettled', 'replenishment.different', 'replenishment.vanished')
    """

/// Rows that wait to be decided or for people, and those that are due to be sent or read back.
///
/// Conditions on one of these states name the set as well, in the words of the index that has only these rows: SQLite
/// takes such an index only where it finds its words.
let isWaiting: SQL = "state IN ('received', 'awaitingApproval', 'held', 'deadLetter')"
let isDue: SQL = "state IN ('approved', 'unknown')"
