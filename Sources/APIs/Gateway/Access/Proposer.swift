import CanonicalModel
import Governance
import Vocabulary

extension Recommendation {
    /// This recommendation with its proposer: whoever could approve it proposes in their own name.
    ///
    /// - Throws: `input.invalid` when it names somebody else.
    package func proposed(by principal: Principal) throws(Fault) -> Recommendation {
        // A program that only brings data may say for whom it does.
        if principal.roles == [.integration] { return self }
        if let proposedBy, proposedBy != principal.person {
            throw .invalid(
                "proposedBy", found: proposedBy.rawValue, expected: "\(principal.person), whose key this is, or nothing")
        }
        return Recommendation(
            id: id, source: source, cycle: cycle, item: item, location: location, proposal: proposal, confidence: confidence,
            assumptions: assumptions, isProvisional: isProvisional, madeAt: madeAt, proposedBy: principal.person, reason: reason)
    }
}
