import CanonicalModel
import Governance
import Testing
import Vocabulary

@Suite struct DelegationTests {
    private let start = Instant(microseconds: 1_772_438_400_000_000)
    private let roles: [ID<Person>: [Role]] = ["ann": ["planner", "buyer"], "bob": ["operations"], "cleo": []]

    private func delegation(_ from: ID<Person>, _ to: ID<Person>, _ roles: [Role]) -> Delegation {
        Delegation(from: from, to: to, roles: roles, validFrom: start, validUntil: start + .days(7))
    }

    private func effective(_ person: ID<Person>, _ delegations: [Delegation], at now: Instant? = nil) -> EffectiveRoles {
        effectiveRoles(of: person, holding: roles, delegations: delegations, at: now ?? start)
    }

    @Test func `A delegation passes on the roles it names while it is in force`() {
        let lent = [delegation("ann", "bob", ["planner"])]
        #expect(effective("bob", lent).all == ["operations", "planner"])
        #expect(effective("bob", lent).standing(for: ["planner"]) == .insteadOf("ann"))
        #expect(effective("bob", lent).standing(for: ["operations", "planner"]) == .own)
        #expect(effective("bob", lent).standing(for: ["buyer"]) == nil)
        #expect(effective("bob", lent, at: start - .microseconds(1)).all == ["operations"])
        #expect(effective("bob", lent, at: start + .days(7)).all == ["operations"])
        #expect(effective("cleo", lent).all == [])
    }

    @Test func `Nobody lends what they do not hold in person`() {
        #expect(effective("bob", [delegation("cleo", "bob", ["planner"])]).all == ["operations"])
        let chain = [delegation("ann", "bob", ["planner"]), delegation("bob", "cleo", ["planner", "operations"])]
        #expect(effective("cleo", chain).all == ["operations"], "what was lent is not lent on")
    }

    @Test func `A delegation that makes no sense is refused by its fields`() {
        let wrong = Delegation(from: "ann", to: "ann", roles: [], validFrom: start, validUntil: start)
        #expect(wrong.violations().map(\.field) == ["to", "roles", "validUntil"])
        #expect(delegation("ann", "bob", ["planner"]).violations().isEmpty)
    }
}
