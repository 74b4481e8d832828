import Governance
import Testing
import Vocabulary

@Suite struct DecisionTableProblemsTests {
    /// The problems of a table, as their author reads them.
    private func problems(_ yaml: String) -> [String] {
        do {
            _ = try DecisionTable(yaml: yaml, file: "t.yaml")
            return []
        } catch {
            #expect(error.code == .decisionTableInvalid)
            return error.violations.map(\.description)
        }
    }

    /// The problems of one row, which stands at line 6, before a sound last row.
    private func problems(row: String) -> [String] {
        problems(
            """
            version: 1
            limits: {currency: EUR}
            tolerances: {percent: 10, absolute: 5}
            approval: {dueHours: 8, expireAfterHours: 72}
            rows:
              - \(row)
              - {name: rest, reason: Rest., then: reject}
            """)
    }

    @Test func `All problems are reported at once, each with its line`() {
        let found = problems(
            """
            version: 2
            limits:
              currency: euro
              roles: {planer: 5, buyer: lots}
            tolerances: {percent: ten}
            approval: {dueHours: 80, expireAfterHours: 72, escalateAfterHours: 0}
            rows:
              - name: odd
                reason: Odd.
                when: {valu: "> 5", kind: createTransfers}
                then: autoaprove
              - name: rest
                reason: Rest.
                then: reject
            """)
        let places = found.map { String($0.prefix { $0 != " " }) }
        #expect(Set(places) == ["t.yaml:1:", "t.yaml:3:", "t.yaml:4:", "t.yaml:5:", "t.yaml:6:", "t.yaml:10:", "t.yaml:11:"])
        for expected in [
            "t.yaml:3: limits.currency: found \"euro\", expected an ISO 4217 currency code such as EUR",
            "t.yaml:5: tolerances.absolute: found nothing, expected an entry of this name",
        ] { #expect(found.contains(expected)) }
        for hint in ["planner", "value", "createTransfer", "autoApprove"] {
            #expect(found.contains { $0.hasSuffix("(did you mean \(hint)?)") }, "\(hint) in \(found)")
        }
    }

    @Test(arguments: [
        ("{name: a, reason: A., when: {value: \"> 1,500\"}, then: reject}", "rows[0].when.value"),
        ("{name: a, reason: A., when: {value: \"> 5 and < 3\"}, then: reject}", "rows[0].when.value"),
        ("{name: a, reason: A., when: {confidence: high}, then: reject}", "rows[0].when.confidence"),
        ("{name: a, reason: A., when: {criticality: []}, then: reject}", "rows[0].when.criticality"),
        ("{name: a, reason: A., when: {}, then: reject}", "rows[0].when"),
        ("{name: a, reason: A., when: {value: \"> 1\"}, then: requireApproval}", "rows[0].then"),
        (
            "{name: a, reason: A., when: {value: \"> 1\"}, then: {requireApproval: {roles: [plannr]}}}",
            "rows[0].then.requireApproval"
        ),
        (
            "{name: a, reason: A., when: {value: \"> 1\"}, then: {requireApproval: {roles: [planner], people: 3}}}",
            "rows[0].then.requireApproval.people"
        ),
        ("{name: a, reason: \"\", when: {value: \"> 1\"}, then: reject}", "rows[0].reason"),
        ("{reason: A., when: {value: \"> 1\"}, then: reject}", "rows[0].name"),
        ("{name: rest, reason: A., when: {value: \"> 1\"}, then: reject}", "rows"),
        ("{name: all, reason: A., then: autoApprove}", "rows"),
    ])
    func `A row that means nothing is refused by its entry`(row: String, entry: String) {
        let found = problems(row: row)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(": \(entry): ") == true, "\(found)")
    }

    @Test func `A row that an earlier one leaves nothing to is refused`() {
        let found = problems(
            """
            version: 1
            limits: {currency: EUR}
            tolerances: {percent: 10, absolute: 5}
            approval: {dueHours: 8, expireAfterHours: 72}
            rows:
              - {name: transfers, reason: T., when: {kind: createTransfer}, then: reject}
              - {name: dear, reason: D., when: {kind: createTransfer, value: "> 5"}, then: reject}
              - {name: rest, reason: R., then: reject}
            """)
        #expect(
            found == [
                "t.yaml:7: rows: found \"dear\", expected a row that can be reached: "
                    + "transfers at line 6 matches all that this one would"
            ])
    }

    @Test func `A table without a row for all the rest is refused`() {
        let found = problems(
            """
            version: 1
            limits: {currency: EUR}
            tolerances: {percent: 10, absolute: 5}
            approval: {dueHours: 8, expireAfterHours: 72}
            rows:
              - {name: dear, reason: D., when: {value: "> 5"}, then: reject}
            """)
        #expect(found.count == 1)
        #expect(found.first?.contains("t.yaml:6: rows: found \"dear, which has conditions\"") == true)
    }

    @Test(arguments: ["", "rows: [", "- 1", "version: 1\nversion: 1", "a: &x [*x]"])
    func `What is no table at all is refused, not crashed on`(yaml: String) {
        #expect(!problems(yaml).isEmpty)
    }
}
