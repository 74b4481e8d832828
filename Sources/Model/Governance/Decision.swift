import CanonicalModel
import Vocabulary

/// What we concluded about one recommendation, and why; kept for as long as its effects may be asked about.
public struct Decision: Codable, Hashable, Sendable {
    public let id: ID<Decision>
    public let recommendation: ID<Recommendation>
    /// What will be done once approved; nil when nothing will.
    public let action: Action?
    public let verdict: Verdict
    /// The row of the decision table that matched first.
    public let rule: String
    /// That row's reason, for people.
    public let reason: String
    /// The version of the decision table that was in force.
    public let policyVersion: String
    /// The version of `decide()` that ran; old rows are recomputed by the version stored with them.
    public let deciderVersion: Int
    /// The digest of the facts as stored beside the decision.
    public let factsDigest: Digest
    public let findings: [CheckFinding]
    /// What else could have been done, what it would have cost, and why it was not chosen.
    public let alternatives: [Alternative]
    /// The value at stake, for the limits of those who approve; nil when it cannot be told.
    public let value: Worth?
    /// Made on a provisional forecast; decided again when the real one lands.
    public let isProvisional: Bool
    /// Nobody may approve what they proposed.
    public let proposedBy: ID<Person>?
    public let decidedAt: Instant
    /// From this moment on the decision covers nothing.
    public let lapsesAt: Instant

    public init(
        id: ID<Decision>, recommendation: ID<Recommendation>, action: Action?, verdict: Verdict, rule: String, reason: String,
        policyVersion: String, deciderVersion: Int, factsDigest: Digest, findings: [CheckFinding], alternatives: [Alternative],
        value: Worth?, isProvisional: Bool, proposedBy: ID<Person>?, decidedAt: Instant, lapsesAt: Instant
    ) {
        self.id = id
        self.recommendation = recommendation
        self.action = action
        self.verdict = verdict
        self.rule = rule
        self.reason = reason
        self.policyVersion = policyVersion
        self.deciderVersion = deciderVersion
        self.factsDigest = factsDigest
        self.findings = findings
        self.alternatives = alternatives
        self.value = value
        self.isProvisional = isProvisional
        self.proposedBy = proposedBy
        self.decidedAt = decidedAt
        self.lapsesAt = lapsesAt
    }
}

/// What a row of the decision table says is to happen.
public enum Verdict: Codable, Hashable, Sendable {
    /// The policy itself approves.
    case autoApprove
    /// So many different people approve, each holding one of the roles.
    case requireApproval(roles: [Role], people: Int)
    /// A person looks into it before anything else happens; it becomes an exception of that team.
    case hold(team: String)
    case reject
}

/// What a person is trusted with: `planner`, `buyer`, `operations`, `administrator`.
public struct Role: RawRepresentable, Codable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: String) { self.init(rawValue: value) }
    public var description: String { rawValue }

    public init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// One thing that was looked at on the way to a decision, with the figures seen.
public struct CheckFinding: Codable, Hashable, Sendable {
    public enum Result: String, Codable, Sendable { case passed, adjusted, warned, failed }

    /// The check's name: `openSupply`, `capacity`, `lotRules`.
    public let check: String
    public let result: Result
    /// One sentence for a planner, with its figures.
    public let explanation: String

    public init(_ check: String, _ result: Result, _ explanation: String) {
        self.check = check
        self.result = result
        self.explanation = explanation
    }
}

/// A way to meet the need that was weighed and not taken.
public struct Alternative: Codable, Hashable, Sendable {
    /// `transfer from DC-EAST`, `purchase from SUP-017`.
    public let name: String
    public let cost: Worth?
    /// The cost in its parts: `goods`, `transport`, `holding`, `lateness`.
    public let parts: [String: Money]
    /// Why it was not chosen.
    public let reason: String

    public init(name: String, cost: Worth?, parts: [String: Money], reason: String) {
        self.name = name
        self.cost = cost
        self.parts = parts
        self.reason = reason
    }
}

/// An amount of money with its currency.
public struct Worth: Codable, Hashable, Sendable, CustomStringConvertible {
    public let amount: Money
    public let currency: CurrencyCode

    public init(_ amount: Money, _ currency: CurrencyCode) {
        self.amount = amount
        self.currency = currency
    }

    public var description: String { "\(amount) \(currency.rawValue)" }
}

extension Decision: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("action", action)
            json.add("alternatives", alternatives)
            json.add("decidedAt", decidedAt)
            json.add("deciderVersion", deciderVersion)
            json.add("factsDigest", factsDigest)
            json.add("findings", findings)
            json.add("id", id)
            json.add("isProvisional", isProvisional)
            json.add("lapsesAt", lapsesAt)
            json.add("policyVersion", policyVersion)
            json.add("proposedBy", proposedBy)
            json.add("reason", reason)
            json.add("recommendation", recommendation)
            json.add("rule", rule)
            json.add("value", value)
            json.add("verdict", verdict)
        }
    }
}

extension Verdict: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            switch self {
            case .autoApprove: json.add("autoApprove") { _ in }
            case .requireApproval(let roles, let people):
                json.add("requireApproval") { json in
                    json.add("people", people)
                    json.add("roles", roles)
                }
            case .hold(let team): json.add("hold") { json in json.add("team", team) }
            case .reject: json.add("reject") { _ in }
            }
        }
    }
}

extension CheckFinding: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("check", check)
            json.add("explanation", explanation)
            json.add("result", result)
        }
    }
}

extension Alternative: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("cost", cost)
            json.add("name", name)
            json.add("parts", parts)
            json.add("reason", reason)
        }
    }
}

extension Worth: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("amount", amount)
            json.add("currency", currency)
        }
    }
}

extension Role: JSONWritable {}
extension CheckFinding.Result: JSONWritable {}
