import CanonicalModel
import Vocabulary

extension Fault.Code {
    /// The decision covers another action than this one.
    public static let decidedSomethingElse = Self("governance.decidedSomethingElse")
    /// The decision's time is over.
    public static let lapsed = Self("governance.lapsed")
    /// The approvals that the decision asks for are not there.
    public static let notApproved = Self("governance.notApproved")
    /// Nobody approves what they proposed.
    public static let ownProposal = Self("governance.ownProposal")
    /// The person holds none of the roles that the decision asks for.
    public static let roleMissing = Self("governance.roleMissing")
    /// The value is above what the person's roles may approve.
    public static let aboveLimit = Self("governance.aboveLimit")
}

extension Fault {
    static func decidedSomethingElse(_ decision: ID<Decision>) -> Fault {
        Fault(.decidedSomethingElse, .review(by: "operations"), "Decision \(decision) covers another action than this one.")
    }

    static func lapsed(_ decision: ID<Decision>, at instant: Instant) -> Fault {
        Fault(.lapsed, .reject, "Decision \(decision) lapsed at \(instant).")
    }

    static func notApproved(_ decision: ID<Decision>, _ reason: String) -> Fault {
        Fault(.notApproved, .reject, "Decision \(decision) does not allow its action yet: \(reason).")
    }

    static func ownProposal(_ person: ID<Person>) -> Fault {
        Fault(.ownProposal, .reject, "\(person) proposed this and so cannot approve it.")
    }

    static func roleMissing(_ person: ID<Person>, _ roles: [Role]) -> Fault {
        Fault(.roleMissing, .reject, "\(person) holds none of the roles \(roles.map(\.rawValue).joined(separator: ", ")).")
    }

    static func aboveLimit(_ person: ID<Person>, _ value: Worth?) -> Fault {
        Fault(.aboveLimit, .reject, "\(value?.description ?? "A value that is not known") is above what \(person) may approve.")
    }
}
