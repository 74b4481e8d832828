import CanonicalModel
import Vocabulary

/// What a connector is and can do, for the registry, the documentation, the checks and the command line.
public struct Manifest: Sendable {
    /// The name in configuration files: `tryton`.
    public let name: String
    public let summary: String
    public let settings: [Setting]
    public let feeds: [Feed: FeedMode]
    /// How each kind of action may be repeated; a kind that is missing cannot be carried out.
    public let capabilities: [ActionKind: Capability]
    /// How the system says that it has too much to do.
    public let throttling: ThrottleDialect

    public init(
        name: String, summary: String, settings: [Setting], feeds: [Feed: FeedMode], capabilities: [ActionKind: Capability],
        throttling: ThrottleDialect = .standard
    ) {
        self.name = name
        self.summary = summary
        self.settings = settings
        self.feeds = feeds
        self.capabilities = capabilities
        self.throttling = throttling
    }
}

/// One setting of a connector, documented where it is declared.
public struct Setting: Sendable {
    public let key: String
    public let explanation: String
    public let isSecret: Bool
    /// Used when the setting is missing; a setting without one must be given.
    public let standard: String?

    public init(_ key: String, _ explanation: String, isSecret: Bool = false, standard: String? = nil) {
        self.key = key
        self.explanation = explanation
        self.isSecret = isSecret
        self.standard = standard
    }
}

/// The kinds of data that a system can be asked for.
public enum Feed: String, Codable, Sendable, CaseIterable {
    case items, locations, suppliers, sourcing, lanes, policies, balances, supply, demand
}

public enum FeedMode: Sendable {
    /// Pages hold what changed since the cursor.
    case incremental
    /// The pages of one round hold all there is; what is no longer among them has gone.
    case snapshot
}

/// How one kind of action behaves when it is sent, lost and sent again.
public struct Capability: Hashable, Sendable {
    public enum Repeatability: String, Codable, Sendable {
        /// The system itself recognises our reference and does it once.
        case nativeIdempotency
        /// `find` tells for certain whether it was done.
        case naturalKeyProbe
        /// Setting the same value again changes nothing.
        case absoluteSet
        /// Nothing helps: never sent again by a machine.
        case none
    }

    public let repeatability: Repeatability
    /// How long after an attempt an effect may still appear; a probe that finds nothing earlier proves nothing.
    public let settles: Duration

    public init(_ repeatability: Repeatability, settles: Duration = .seconds(5)) {
        self.repeatability = repeatability
        self.settles = settles
    }
}
