import CanonicalModel
import ConnectorKit
import Vocabulary

/// A system that a connector's conformance is tried on, and what may be done to it.
package struct ConformanceWorld: Sendable {
    /// Settings with which the connector reaches the system.
    package let settings: [String: String]
    /// The same, with an address at which nobody answers.
    package let unreachable: [String: String]
    package let surroundings: Surroundings
    package let names: Crosswalk
    /// One action for every kind that the manifest declares; none of them done yet.
    package let actions: [Action]
    /// Counts the effects under a reference in the system itself, past the connector; nil when it cannot be told.
    package let countEffects: (@Sendable (Action, Reference) async throws -> Int)?

    package init(
        settings: [String: String], unreachable: [String: String], surroundings: Surroundings, names: Crosswalk = Crosswalk(),
        actions: [Action], countEffects: (@Sendable (Action, Reference) async throws -> Int)? = nil
    ) {
        self.settings = settings
        self.unreachable = unreachable
        self.surroundings = surroundings
        self.names = names
        self.actions = actions
        self.countEffects = countEffects
    }
}

/// One promise of the connector seam that a connector does not keep.
package struct Breach: Hashable, Sendable, CustomStringConvertible {
    package let promise: String
    package let seen: String

    package init(_ promise: String, _ seen: String) {
        self.promise = promise
        self.seen = seen
    }

    package var description: String { "\(promise): \(seen)" }
}
