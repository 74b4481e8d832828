import CanonicalModel
import Vocabulary

/// The written policy by which recommendations are decided: the first row that matches says what happens.
///
/// Every row has a name and a reason, so that a decision can say in words why it came out as it did.
/// Conditions ask about figures; a figure that is not known satisfies none, so a table has to end with a row
/// without conditions, and that row should be a careful one.
public struct DecisionTable: Hashable, Sendable {
    /// The table as it was written.
    public let text: String
    /// Of the text: kept with every decision as its policy version.
    public let digest: Digest
    public let limits: ApprovalLimits
    public let tolerances: DriftTolerances
    public let approval: ApprovalTerms
    /// In order; the last has no conditions.
    public var rows: [Row] { conditional + [otherwise] }

    let conditional: [Row]
    let otherwise: Row

    public struct Row: Hashable, Sendable {
        public let name: String
        public let reason: String
        public let verdict: Verdict
        /// Where it stands in the file, counted from 1.
        public let line: Int
        let conditions: Set<DecisionCondition>
    }

    /// What the table says about one input.
    public struct Match: Codable, Hashable, Sendable {
        public let row: String
        public let reason: String
        public let verdict: Verdict

        public init(row: String, reason: String, verdict: Verdict) {
            self.row = row
            self.reason = reason
            self.verdict = verdict
        }
    }

    init(
        text: String, limits: ApprovalLimits, tolerances: DriftTolerances, approval: ApprovalTerms, conditional: [Row],
        otherwise: Row
    ) {
        self.text = text
        self.digest = Digest(of: text)
        self.limits = limits
        self.tolerances = tolerances
        self.approval = approval
        self.conditional = conditional
        self.otherwise = otherwise
    }

    /// The version under which decisions name this table.
    public var policyVersion: String { digest.rawValue }

    /// The first row that matches; there always is one. The same input always gives the same answer.
    public func evaluate(_ input: DecisionInput) -> Match {
        let row = conditional.first { matches($0, input) } ?? otherwise
        return Match(row: row.name, reason: row.reason, verdict: row.verdict)
    }

    private func matches(_ row: Row, _ input: DecisionInput) -> Bool {
        row.conditions.allSatisfy { $0.holds(input, in: self) }
    }
}
