import CanonicalModel
import Vocabulary

/// The figures that a row of the decision table looks at.
///
/// What is not known is nil, and never satisfies a condition that asks about it.
public struct DecisionInput: Codable, Hashable, Sendable {
    public var kind: ActionKind?
    /// By how much the largest figure of the policy changes, in percent of what it was; a rise and a fall count alike.
    public var changePercent: Double?
    /// What is at stake.
    public var value: Worth?
    /// The recommendation's own, 0 ... 1.
    public var confidence: Double?
    public var criticality: Criticality?
    public var abcClass: ABCClass?
    /// Each assumed figure beside the live one; nil when they could not be compared.
    public var drift: [Drift]?
    public var capacity: CapacityFit?
    public var supplier: ID<Supplier>?
    public var region: String?
    public var location: ID<Location>?
    public var item: ID<Item>?
    /// Rests on a forecast that is to be replaced.
    public var isProvisional: Bool?
    /// The worst result of all checks; nil when none was made.
    public var checks: CheckFinding.Result?
    /// The system that would carry the action out.
    public var system: ID<ExternalSystem>?

    public init(
        kind: ActionKind? = nil, changePercent: Double? = nil, value: Worth? = nil, confidence: Double? = nil,
        criticality: Criticality? = nil, abcClass: ABCClass? = nil, drift: [Drift]? = nil, capacity: CapacityFit? = nil,
        supplier: ID<Supplier>? = nil, region: String? = nil, location: ID<Location>? = nil, item: ID<Item>? = nil,
        isProvisional: Bool? = nil, checks: CheckFinding.Result? = nil, system: ID<ExternalSystem>? = nil
    ) {
        self.kind = kind
        self.changePercent = changePercent
        self.value = value
        self.confidence = confidence
        self.criticality = criticality
        self.abcClass = abcClass
        self.drift = drift
        self.capacity = capacity
        self.supplier = supplier
        self.region = region
        self.location = location
        self.item = item
        self.isProvisional = isProvisional
        self.checks = checks
        self.system = system
    }
}

/// Whether the goods of an action find room where they go.
public enum CapacityFit: String, Codable, Sendable, CaseIterable { case fits, tight, exceeded }

/// One figure as it was assumed and as it is.
public struct Drift: Codable, Hashable, Sendable {
    /// `onHand`, `onOrder`, `inTransit`, `leadTimeDays`.
    public let figure: String
    public let assumed: Double
    public let live: Double

    public init(_ figure: String, assumed: Double, live: Double) {
        self.figure = figure
        self.assumed = assumed
        self.live = live
    }

    public var difference: Double { (live - assumed).magnitude }

    /// The difference in percent of what was assumed; infinite when something came of an assumed nothing.
    public var percent: Double {
        if difference == 0 { return 0 }
        return assumed == 0 ? .infinity : difference / assumed.magnitude * 100
    }
}

extension CheckFinding {
    /// The worst result among findings; nil when there are none.
    public static func worst(of findings: [CheckFinding]) -> Result? {
        let fromWorst: [Result] = [.failed, .warned, .adjusted, .passed]
        return fromWorst.first { result in findings.contains { $0.result == result } }
    }
}
