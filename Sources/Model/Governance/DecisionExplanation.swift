import Vocabulary

/// Why the table answered as it did: every row that was looked at, up to the one that matched.
public struct DecisionExplanation: Codable, Hashable, Sendable {
    public let match: DecisionTable.Match
    public let passedOver: [PassedOver]

    /// A row that did not match.
    public struct PassedOver: Codable, Hashable, Sendable {
        public let row: String
        public let unmet: [Unmet]

        public init(row: String, unmet: [Unmet]) {
            self.row = row
            self.unmet = unmet
        }
    }

    /// A condition that did not hold.
    public struct Unmet: Codable, Hashable, Sendable {
        /// `value`, `criticality`.
        public let condition: String
        public let expected: String
        /// nil when it was not known, which satisfies nothing.
        public let found: String?

        public init(condition: String, expected: String, found: String?) {
            self.condition = condition
            self.expected = expected
            self.found = found
        }
    }
}

extension DecisionTable {
    /// The answer of `evaluate` with, for each earlier row, which of its conditions did not hold.
    public func explain(_ input: DecisionInput) -> DecisionExplanation {
        var passedOver: [DecisionExplanation.PassedOver] = []
        for row in conditional {
            let unmet = row.conditions.filter { !$0.holds(input, in: self) }.sorted { $0.name < $1.name }
            if unmet.isEmpty { break }
            passedOver.append(
                .init(
                    row: row.name,
                    unmet: unmet.map {
                        .init(condition: $0.name, expected: $0.expectation, found: $0.found(input, in: self))
                    }))
        }
        return DecisionExplanation(match: evaluate(input), passedOver: passedOver)
    }
}

extension DecisionExplanation: CustomStringConvertible {
    public var description: String {
        let lines = passedOver.map { row in
            let unmet = row.unmet.map { "\($0.condition) is \($0.found ?? "not known"), not \($0.expected)" }
            return "\(row.row): no, \(unmet.joined(separator: "; "))"
        }
        return (lines + ["\(match.row): yes, \(match.reason)"]).joined(separator: "\n")
    }
}
