import CanonicalModel
import Governance
import Testing
import Vocabulary

@Suite struct StandardDecisionTableTests {
    private let table: DecisionTable

    init() throws { table = try DecisionTable.standard }

    private func input(_ kind: ActionKind, _ value: Int, change: (inout DecisionInput) -> Void = { _ in }) -> DecisionInput {
        var input = DecisionInput(
            kind: kind, changePercent: 5, value: Worth(Money(value), table.limits.currency), confidence: 0.9,
            criticality: .normal, abcClass: .b, drift: [], capacity: .fits, supplier: "S", region: "east", location: "DC",
            item: "I",
            isProvisional: false, checks: .passed, system: "erp")
        change(&input)
        return input
    }

    @Test func `Failed checks and drift hold whatever else is true`() {
        #expect(table.evaluate(input(.setInventoryPolicy, 1) { $0.checks = .failed }).verdict == .hold(team: "planning"))
        let drifted = input(.setInventoryPolicy, 1) { $0.drift = [Drift("onHand", assumed: 100, live: 50)] }
        #expect(table.evaluate(drifted).row == "drifted")
    }

    @Test func `A small change of a policy and a small transfer need nobody`() {
        #expect(table.evaluate(input(.setInventoryPolicy, 999)).verdict == .autoApprove)
        #expect(table.evaluate(input(.setInventoryPolicy, 999) { $0.changePercent = 10 }).row == "everything-else")
        #expect(table.evaluate(input(.setInventoryPolicy, 999) { $0.criticality = .vital }).row == "everything-else")
        #expect(table.evaluate(input(.createTransfer, 499)).verdict == .autoApprove)
        #expect(table.evaluate(input(.createTransfer, 499) { $0.capacity = .tight }).row == "everything-else")
        #expect(table.evaluate(input(.createTransfer, 499) { $0.capacity = .exceeded }).verdict == .hold(team: "warehouse"))
    }

    @Test func `Nothing is approved by the policy alone while its value or its drift is not known`() {
        for kind in ActionKind.allCases {
            #expect(table.evaluate(input(kind, 1) { $0.value = nil }).verdict != .autoApprove)
            #expect(table.evaluate(input(kind, 1) { $0.drift = nil }).verdict != .autoApprove)
            #expect(table.evaluate(input(kind, 1) { $0.value = Worth(Money(1), "JPY") }).verdict != .autoApprove)
        }
        #expect(table.evaluate(DecisionInput()).row == "everything-else")
    }

    @Test func `A purchase is never approved by the policy alone`() {
        let small = table.evaluate(input(.createPurchaseProposal, 1))
        #expect(small.verdict == .requireApproval(roles: ["planner", "buyer"], people: 1))
        let vital = input(.createPurchaseProposal, 1) { $0.criticality = .vital }
        #expect(table.evaluate(vital).verdict == .requireApproval(roles: ["buyer"], people: 1))
        #expect(table.evaluate(input(.createPurchaseProposal, 10_000)).row == "purchase")
        let dear = table.evaluate(input(.createPurchaseProposal, 10_001))
        #expect(dear.verdict == .requireApproval(roles: ["buyer", "operations"], people: 2))
    }

    @Test func `A provisional forecast and a doubtful source go before a planner`() {
        #expect(table.evaluate(input(.setInventoryPolicy, 1) { $0.isProvisional = true }).row == "provisional-forecast")
        #expect(table.evaluate(input(.setInventoryPolicy, 1) { $0.confidence = 0.4 }).row == "doubtful")
    }
}
