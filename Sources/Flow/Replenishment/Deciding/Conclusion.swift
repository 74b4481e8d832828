import CanonicalModel
import Governance
import Vocabulary

/// What looking at the facts came to, before the decision table speaks.
package struct Conclusion: Hashable, Sendable {
    /// Nil when nothing is to be done or nothing can be.
    package var action: Action?
    package var findings: [CheckFinding] = []
    package var alternatives: [Alternative] = []
    /// In percent: of a policy its largest relative change, of goods the difference from what was recommended.
    package var changePercent: Double?
    package var value: Worth?
    package var drift: [Drift] = []
    package var capacity: CapacityFit = .fits
    /// Set when no table can approve: what is to happen instead, and why.
    package var bar: Bar?

    package enum Bar: Hashable, Sendable {
        /// Nothing needs to be done.
        case needless(String)
        /// Nothing can be done before somebody mends something.
        case blocked(team: String, String)
    }

    package init() {}

    mutating func note(_ check: String, _ result: CheckFinding.Result, _ explanation: String) {
        findings.append(CheckFinding(check, result, explanation))
    }

    /// Records what stands in the way; the first obstacle decides the team.
    mutating func block(_ check: String, team: String, _ explanation: String) {
        note(check, .failed, explanation)
        if bar == nil { bar = .blocked(team: team, explanation) }
    }
}
