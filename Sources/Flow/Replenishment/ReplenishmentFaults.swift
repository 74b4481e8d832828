import CanonicalModel
import Vocabulary

extension Fault.Code {
    /// The live facts no longer lead to the decided answer.
    package static let drifted = Self("replenishment.drifted")
    /// The recommendation is not in a state in which this can be done.
    package static let wrongState = Self("replenishment.wrongState")
    /// What the person saw is not what is there now.
    package static let stale = Self("replenishment.stale")
    /// Nobody can tell whether the action was carried out, and its system gives no way to find out.
    package static let unsettled = Self("replenishment.unsettled")
    /// Something is in the system under our reference, but not what was asked for.
    package static let different = Self("replenishment.different")
    /// The effect was in the system and is there no more.
    package static let vanished = Self("replenishment.vanished")

    /// Somebody has to say what is in the system before anything else can be done.
    static let toBeSettled: [Self] = [.unsettled, .different, .vanished]
}

extension Fault {
    static func wrongState(_ row: ReplenishmentRow, for what: String) -> Fault {
        Fault(.wrongState, .reject, "Recommendation \(row.id) is \(row.state.rawValue), so it cannot be \(what).")
    }

    static func stale(_ row: ReplenishmentRow) -> Fault {
        Fault(.stale, .reject, "Recommendation \(row.id) was decided anew since it was looked at: look again.")
    }
}

extension Fault.Code {
    /// No configured system can carry out the action.
    package static let connectorMissing = Self("replenishment.connectorMissing")
}
