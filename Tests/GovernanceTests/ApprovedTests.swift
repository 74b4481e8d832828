import CanonicalModel
import Governance
import Testing
import Vocabulary

@Suite struct ApprovedTests {
    private static let now = Instant(microseconds: 1_772_438_400_000_000)
    private let limits = ApprovalLimits(currency: "EUR", limits: ["planner": Money(1000)])
    private let action = Self.transfer(quantity: 10)

    private static func transfer(quantity: Int) -> Action {
        .createTransfer(
            TransferProposal(
                item: "I", origin: "DC", destination: "WH", quantity: Quantity(quantity), unit: .piece,
                shipOn: BusinessDate(dayNumber: 20_000), dueOn: BusinessDate(dayNumber: 20_002)))
    }

    private func decision(
        _ verdict: Verdict, value: Worth? = Worth(Money(500), "EUR"), proposedBy: ID<Person>? = nil
    ) -> Decision {
        Decision(
            id: "D-1", recommendation: "R-1", action: action, verdict: verdict, rule: "row", reason: "A reason.",
            policyVersion: "p", deciderVersion: 1, factsDigest: Digest(of: "facts"), findings: [], alternatives: [],
            value: value, isProvisional: false, proposedBy: proposedBy, decidedAt: Self.now, lapsesAt: Self.now + .hours(72))
    }

    private func approval(
        by person: ID<Person>, _ roles: [Role] = ["planner"], of other: Action? = nil, decision: ID<Decision> = "D-1",
        onBehalfOf: ID<Person>? = nil
    ) throws -> Approval {
        Approval(
            decision: decision, actionDigest: try (other ?? action).digest, by: person, roles: roles, onBehalfOf: onBehalfOf,
            at: Self.now)
    }

    private func approved(
        _ decision: Decision, _ approvals: [Approval] = [], action other: Action? = nil, now: Instant = now
    ) throws(Fault) -> Approved<Action> {
        try Approved(other ?? action, by: decision, approvals: approvals, limits: limits, now: now)
    }

    private func expect(
        _ code: Fault.Code, _ decision: Decision, _ approvals: [Approval] = [], action other: Action? = nil,
        now: Instant = now, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        do {
            _ = try approved(decision, approvals, action: other, now: now)
            Issue.record("It was approved; expected \(code).", sourceLocation: sourceLocation)
        } catch {
            #expect(error.code == code, sourceLocation: sourceLocation)
        }
    }

    private let byPlanner = Verdict.requireApproval(roles: ["planner", "buyer"], people: 1)
    private let byTwo = Verdict.requireApproval(roles: ["planner", "buyer"], people: 2)

    @Test func `It covers the action that was decided and no other`() throws {
        #expect(try approved(decision(.autoApprove)).approvedBy.isEmpty)
        expect(.decidedSomethingElse, decision(.autoApprove), action: Self.transfer(quantity: 11))
    }

    @Test func `It covers nothing from the moment at which it lapses`() throws {
        let last = Self.now + .hours(72)
        _ = try approved(decision(.autoApprove), now: last - .microseconds(1))
        expect(.lapsed, decision(.autoApprove), now: last)
    }

    @Test func `What is held or rejected cannot be approved by anybody`() throws {
        let approvals = [try approval(by: "ann"), try approval(by: "bob")]
        expect(.notApproved, decision(.hold(team: "planning")), approvals)
        expect(.notApproved, decision(.reject), approvals)
    }

    @Test func `Only an approval of this decision and of the action as it stands counts`() throws {
        expect(.notApproved, decision(byPlanner))
        expect(.notApproved, decision(byPlanner), [try approval(by: "ann", of: Self.transfer(quantity: 11))])
        expect(.notApproved, decision(byPlanner), [try approval(by: "ann", decision: "D-2")])
        #expect(try approved(decision(byPlanner), [try approval(by: "ann")]).approvedBy == ["ann"])
    }

    @Test func `Row 42: nobody approves what they proposed, nor does anybody in their stead`() throws {
        let own = decision(byPlanner, proposedBy: "ann")
        expect(.notApproved, own, [try approval(by: "ann")])
        expect(.notApproved, own, [try approval(by: "bob", onBehalfOf: "ann")])
        #expect(try approved(own, [try approval(by: "bob", onBehalfOf: "cleo")]).approvedBy == ["bob"])
    }

    @Test func `Two people are two different people`() throws {
        expect(.notApproved, decision(byTwo), [try approval(by: "ann"), try approval(by: "ann", ["buyer"])])
        let both = try approved(decision(byTwo), [try approval(by: "bob"), try approval(by: "ann")])
        #expect(both.approvedBy == ["ann", "bob"])
    }

    @Test func `Somebody who stands in for a person is not a second one beside that person`() throws {
        expect(.notApproved, decision(byTwo), [try approval(by: "ann"), try approval(by: "bob", onBehalfOf: "ann")])
        expect(
            .notApproved, decision(byTwo),
            [try approval(by: "bob", onBehalfOf: "ann"), try approval(by: "cleo", onBehalfOf: "ann")])
        let separate = [try approval(by: "ann"), try approval(by: "bob", onBehalfOf: "cleo")]
        #expect(try approved(decision(byTwo), separate).approvedBy == ["ann", "bob"])
    }

    @Test func `How many are missing is counted by the same rules`() throws {
        let ann = try approval(by: "ann")
        let forAnn = try approval(by: "bob", onBehalfOf: "ann")
        let cleo = try approval(by: "cleo")
        for (given, missing) in [([], 2), ([ann], 1), ([ann, forAnn], 1), ([ann, forAnn, cleo], 0)] as [([Approval], Int)] {
            #expect(try decision(byTwo).missingApprovals(given: given, limits: limits) == missing)
        }
        #expect(try decision(.autoApprove).missingApprovals(given: [], limits: limits) == 0)
        let operations = [try approval(by: "ann", ["operations"])]
        #expect(try decision(byPlanner).missingApprovals(given: operations, limits: limits) == 1)
        #expect(try decision(byPlanner).missingApprovals(given: operations, limits: limits, escalatedTo: "operations") == 0)
    }

    @Test func `An approval of nobody is never enough, whatever a stored verdict asks for`() {
        expect(.notApproved, decision(.requireApproval(roles: ["planner"], people: 0)))
    }

    @Test func `A role that the decision does not ask for counts for nothing`() throws {
        expect(.notApproved, decision(byPlanner), [try approval(by: "ann", ["operations"])])
        expect(.notApproved, decision(byPlanner), [try approval(by: "ann", [])])
    }

    @Test func `Row 42: a limit holds for its role, and no value is within it that cannot be told`() throws {
        _ = try approved(decision(byPlanner, value: Worth(Money(1000), "EUR")), [try approval(by: "ann")])
        for value in [Worth(Money(1001), "EUR"), Worth(Money(1), "USD"), nil] {
            expect(.notApproved, decision(byPlanner, value: value), [try approval(by: "ann")])
            _ = try approved(decision(byPlanner, value: value), [try approval(by: "ann", ["planner", "buyer"])])
        }
    }

    @Test func `One approval that does not count says why`() throws {
        let own = decision(byPlanner, proposedBy: "ann")
        for (person, roles, value, code) in [
            ("ann", ["planner"], own.value, Fault.Code.ownProposal), ("bob", ["operations"], own.value, .roleMissing),
            ("bob", ["planner"], nil, .aboveLimit),
        ] as [(ID<Person>, [Role], Worth?, Fault.Code)] {
            do {
                let subject = decision(byPlanner, value: value, proposedBy: "ann")
                try limits.check(try approval(by: person, roles), of: subject, requiring: ["planner", "buyer"])
                Issue.record("It counted; expected \(code).")
            } catch let fault as Fault {
                #expect(fault.code == code)
            }
        }
    }
}
