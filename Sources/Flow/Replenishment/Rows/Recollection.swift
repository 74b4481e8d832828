import CanonicalModel
import Governance
import Synchronization
import Vocabulary

/// What this process has read or made lately, so that the same text is not taken apart at every step of its way.
///
/// Recommendations and decisions never change once they are stored, so what is here is what the database has.
final class Recollection: Sendable {
    private struct State {
        var recommendations: [Digest: Recommendation] = [:]
        var decisions: [ID<Decision>: Decision] = [:]
    }

    private static let bound = 4096
    private let state = Mutex(State())

    func note(_ recommendations: some Sequence<(Digest, Recommendation)>) {
        state.withLock { state in
            if state.recommendations.count >= Self.bound { state.recommendations = [:] }
            for (digest, recommendation) in recommendations { state.recommendations[digest] = recommendation }
        }
    }

    func note(_ decisions: some Sequence<Decision>) {
        state.withLock { state in
            if state.decisions.count >= Self.bound { state.decisions = [:] }
            for decision in decisions { state.decisions[decision.id] = decision }
        }
    }

    /// - Parameter text: what is stored under the digest.
    func recommendation(_ digest: Digest, _ text: () throws -> String) throws -> Recommendation {
        if let known = state.withLock({ $0.recommendations[digest] }) { return known }
        return try JSON.decode(from: try text())
    }

    func decision(_ id: ID<Decision>, _ text: () throws -> String?) throws -> Decision? {
        if let known = state.withLock({ $0.decisions[id] }) { return known }
        return try text().map { text in try JSON.decode(from: text) }
    }
}
