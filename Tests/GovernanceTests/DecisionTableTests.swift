import CanonicalModel
import Governance
import Testing
import Vocabulary

@Suite struct DecisionTableTests {
    static func table(_ rows: String) throws(Fault) -> DecisionTable {
        try DecisionTable(
            yaml: """
                version: 1
                limits: {currency: EUR, roles: {planner: 10000}}
                tolerances: {percent: 10, absolute: 5, figures: {leadTimeDays: {percent: 25, absolute: 2}}}
                approval: {dueHours: 8, escalateAfterHours: 24, escalateTo: operations, expireAfterHours: 72}
                rows:
                \(rows)
                  - {name: rest, reason: Whatever is left., then: {requireApproval: {roles: [planner]}}}
                """, file: "table.yaml")
    }

    /// The name of the row that matches first.
    static func row(_ condition: String, _ input: DecisionInput) throws -> String {
        try table("  - {name: first, reason: A test., when: {\(condition)}, then: reject}").evaluate(input).row
    }

    @Test func `The first row that matches decides`() throws {
        let table = try Self.table(
            """
              - {name: dear, reason: It is dear., when: {value: "> 100"}, then: {hold: finance}}
              - name: bought
                reason: It is bought.
                when: {kind: createPurchaseProposal}
                then: {requireTwoPeople: [planner, buyer]}
            """)
        var input = DecisionInput(kind: .createPurchaseProposal, value: Worth(Money(101), "EUR"))
        #expect(table.evaluate(input) == .init(row: "dear", reason: "It is dear.", verdict: .hold(team: "finance")))
        input.value = Worth(Money(100), "EUR")
        #expect(table.evaluate(input).verdict == .requireApproval(roles: ["planner", "buyer"], people: 2))
        input.kind = .createTransfer
        #expect(table.evaluate(input).row == "rest")
    }

    @Test(arguments: [
        ("kind: createTransfer", DecisionInput(kind: .createTransfer), DecisionInput(kind: .createPurchaseProposal)),
        ("changePercent: \"< 10\"", DecisionInput(changePercent: -9.9), DecisionInput(changePercent: -10)),
        ("changePercent: 10..20", DecisionInput(changePercent: 20), DecisionInput(changePercent: 20.1)),
        ("changePercent: \">= 10 % and < 20 %\"", DecisionInput(changePercent: 10), DecisionInput(changePercent: 20)),
        ("value: \"> 5000\"", DecisionInput(value: Worth(Money(5001), "EUR")), DecisionInput(value: Worth(Money(5001), "USD"))),
        ("confidence: \"< 0.5\"", DecisionInput(confidence: 0.49), DecisionInput(confidence: 0.5)),
        ("criticality: [high, vital]", DecisionInput(criticality: .vital), DecisionInput(criticality: .normal)),
        ("abcClass: a", DecisionInput(abcClass: .a), DecisionInput(abcClass: .b)),
        ("capacity: [tight, exceeded]", DecisionInput(capacity: .tight), DecisionInput(capacity: .fits)),
        ("supplier: [S1, S2]", DecisionInput(supplier: "S2"), DecisionInput(supplier: "S3")),
        ("region: north", DecisionInput(region: "north"), DecisionInput(region: "south")),
        ("location: DC-1", DecisionInput(location: "DC-1"), DecisionInput(location: "DC-2")),
        ("item: I-1", DecisionInput(item: "I-1"), DecisionInput(item: "I-2")),
        ("provisional: true", DecisionInput(isProvisional: true), DecisionInput(isProvisional: false)),
        ("checks: failed", DecisionInput(checks: .failed), DecisionInput(checks: .warned)),
        ("checks: passed", DecisionInput(checks: .adjusted), DecisionInput(checks: .failed)),
        ("system: erpEast", DecisionInput(system: "erpEast"), DecisionInput(system: "erpWest")),
        (
            "drift: \"> 10\"", DecisionInput(drift: [Drift("onHand", assumed: 100, live: 89)]),
            DecisionInput(drift: [Drift("onHand", assumed: 100, live: 90)])
        ),
        (
            "drift: beyond", DecisionInput(drift: [Drift("onHand", assumed: 100, live: 89)]),
            DecisionInput(drift: [Drift("onHand", assumed: 3, live: 1), Drift("onOrder", assumed: 1000, live: 950)])
        ),
        (
            "drift: within", DecisionInput(drift: [Drift("leadTimeDays", assumed: 10, live: 12)]),
            DecisionInput(drift: [Drift("leadTimeDays", assumed: 10, live: 13)])
        ),
    ])
    func `Each condition holds where it should and nowhere else`(
        condition: String, inside: DecisionInput, outside: DecisionInput
    ) throws {
        #expect(try Self.row(condition, inside) == "first")
        #expect(try Self.row(condition, outside) == "rest")
        #expect(try Self.row(condition, DecisionInput()) == "rest", "what is not known satisfies nothing")
    }

    @Test func `All conditions of a row have to hold`() throws {
        let condition = "kind: createTransfer, value: \"< 500\""
        let value = Worth(Money(499), "EUR")
        #expect(try Self.row(condition, DecisionInput(kind: .createTransfer, value: value)) == "first")
        #expect(try Self.row(condition, DecisionInput(kind: .createTransfer)) == "rest")
        #expect(try Self.row(condition, DecisionInput(value: value)) == "rest")
    }

    @Test func `Stock that appears out of an assumed nothing is drift beyond any percentage`() throws {
        let input = DecisionInput(drift: [Drift("onOrder", assumed: 0, live: 6)])
        #expect(try Self.row("drift: \"> 1000000\"", input) == "first")
        #expect(try Self.row("drift: beyond", input) == "first")
    }

    @Test func `An explanation says of every earlier row which conditions did not hold`() throws {
        let table = try Self.table(
            """
              - {name: dear, reason: Dear., when: {value: "> 100", kind: createTransfer}, then: reject}
              - {name: vital, reason: Vital., when: {criticality: vital}, then: reject}
              - {name: moved, reason: Moved., when: {drift: beyond}, then: reject}
              - {name: later, reason: Later., when: {region: north}, then: reject}
            """)
        let input = DecisionInput(
            kind: .createTransfer, value: Worth(Money(7), "EUR"), drift: [Drift("onHand", assumed: 100, live: 50)],
            region: "north")
        let explanation = table.explain(input)
        #expect(explanation.match == table.evaluate(input))
        #expect(explanation.match.row == "moved")
        #expect(explanation.passedOver.map(\.row) == ["dear", "vital"])
        #expect(explanation.passedOver[0].unmet == [.init(condition: "value", expected: "> 100", found: "7 EUR")])
        #expect(explanation.passedOver[1].unmet == [.init(condition: "criticality", expected: "vital", found: nil)])
        #expect(explanation.description.contains("vital: no, criticality is not known, not vital"))
    }

    @Test func `The policy version is the digest of the text`() throws {
        let table = try DecisionTable.standard
        #expect(table.policyVersion == Digest(of: DecisionTable.standardText).rawValue)
        let other = try DecisionTable(yaml: DecisionTable.standardText + "\n# one more word", file: "t.yaml")
        #expect(other.policyVersion != table.policyVersion)
        #expect(other.rows == table.rows)
    }
}
