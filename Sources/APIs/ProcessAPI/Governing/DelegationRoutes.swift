import CanonicalModel
import Gateway
import Governance
import Hummingbird
import Replenishment
import Vocabulary

/// Standing in for each other.
struct DelegationRoutes: Sendable {
    let gateway: GatewayServices
    let flow: FlowServices

    struct Giving: Codable, Sendable {
        /// The caller unless an administrator says otherwise.
        var from: ID<Person>?
        var to: ID<Person>
        var roles: [Role]
        /// Now when it is left out.
        var validFrom: Instant?
        var validUntil: Instant
    }

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("delegations") { _, context in
            let principal = try context.principal
            let person = principal.holds(.administrator) ? nil : principal.person
            return try Response.json(ListPage("delegations", try await Delegations(flow).list(of: person)))
        }
        routes.post("delegations") { request, context in
            let giving = try await request.decoded(Giving.self, context)
            let principal = try context.principal
            let giver = giving.from ?? principal.person
            guard giver == principal.person || principal.holds(.administrator) else {
                throw Fault(.forbidden, .reject, "Only an administrator lends the roles of somebody else.")
            }
            let now = gateway.clock.now()
            let held = try await gateway.identities.roles(of: giver, at: now)
            if let missing = giving.roles.first(where: { !held.contains($0) || !Role.known.contains($0) }) {
                let lendable = held.filter(Role.known.contains).map(\.rawValue).joined(separator: ", ")
                throw Fault.invalid(
                    "roles", found: missing.rawValue,
                    expected: lendable.isEmpty ? "nothing: \(giver) holds no role" : "of \(lendable)")
            }
            let entry = try await Delegations(flow).add(
                Delegation(
                    from: giver, to: giving.to, roles: giving.roles, validFrom: giving.validFrom ?? now,
                    validUntil: giving.validUntil),
                by: principal.person.rawValue)
            return try Response.json(entry, status: .created)
        }
    }
}
