import CanonicalModel
import ConnectorKit
import Cycles
import Gateway
import HTTPTypes
import Hummingbird
import Replenishment
import Storage
import Vocabulary

/// Forecast cycles: opened by the name of a plan, forecast by the built-in engine or by whoever delivers, and closed.
struct CycleRoutes: Sendable {
    let gateway: GatewayServices
    let flow: FlowServices
    let plans: [CyclePlan]

    struct Opening: Codable, Sendable {
        var plan: String
    }

    struct Running: Codable, Sendable {
        /// As the fallback for a source that is late: forecasts only what is uncovered.
        var asProvisional: Bool?
    }

    struct Closing: Codable, Sendable {
        /// Although positions are not covered.
        var force: Bool?
    }

    private var desk: CycleDesk { CycleDesk(flow) }
    private var runs: EngineRuns { EngineRuns(flow) }

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("cycles") { request, context in
            let limit = try RequestQuery(request, allowing: ["limit"]).limit()
            let rows = try await desk.list(within: try context.principal.scope.membersUnlessEverywhere, limit: limit)
            return try Response.json(ListPage("cycles", rows.map { CycleView($0) }))
        }
        routes.post("cycles") { request, context in try await open(request, context) }
        routes.get("cycles/{id}") { _, context in
            let cycle = try await visible(context)
            return try Response.json(CycleView(cycle, run: try await runs.latest(of: cycle.id)))
        }
        routes.get("cycles/{id}/coverage") { request, context in try await coverage(request, context) }
        routes.post("cycles/{id}/run") { request, context in
            let body = try await request.decodedIfPresent(Running.self, context)
            return try await run(asProvisional: body?.asProvisional ?? false, context)
        }
        routes.post("cycles/{id}/forecasts") { request, context in
            let cycle = try await visible(context)
            return try await ForecastIntake(gateway: gateway, desk: desk, flow: flow).take(request, for: cycle, context)
        }
        routes.post("cycles/{id}/close") { request, context in
            let body = try await request.decodedIfPresent(Closing.self, context)
            let cycle = try await whole(context)
            return try Response.json(CycleView(try await desk.close(cycle.id, force: body?.force ?? false)))
        }
    }

    private func open(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let name = try await request.decoded(Opening.self, context).plan
        guard let plan = plans.first(where: { $0.name == name }) else {
            let names = plans.map(\.name).sorted()
            let meant = nearestName(to: name, among: names).map { "did you mean \($0)? " } ?? ""
            let known =
                names.isEmpty ? "a plan, of which none is configured" : "one of the plans \(names.joined(separator: ", "))"
            throw Fault.invalid("plan", found: name, expected: meant + known)
        }
        if let members = try context.principal.scope.membersUnlessEverywhere {
            guard try await desk.locations(of: plan, outside: members).isEmpty else {
                throw Fault.outOfScope("The plan \(name) has locations that the key is not for.")
            }
        }
        let cycle = try await desk.open(plan)
        return try .json(CycleView(cycle), status: .created, headers: [.location: "\(ProcessRoutes.prefix)/cycles/\(cycle.id)"])
    }

    /// 202 at once: the replicas compute it, and `run` of the cycle says how far they are.
    private func run(asProvisional: Bool, _ context: GatewayContext) async throws -> Response {
        let cycle = try await whole(context)
        guard cycle.state != .closed else { throw Fault.conflict("Cycle \(cycle.id) is closed.") }
        guard asProvisional || cycle.plan.source == .builtInEngine else {
            throw Fault.conflict(
                "Cycle \(cycle.id) is forecast by \(cycle.plan.source); the built-in engine can stand in with asProvisional.")
        }
        let run = try await runs.begin(cycle.id, asProvisional: asProvisional)
        return try .json(run, status: .accepted, headers: [.location: "\(ProcessRoutes.prefix)/cycles/\(cycle.id)"])
    }

    private func coverage(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let limit = try RequestQuery(request, allowing: ["limit"]).limit(most: 5000)
        let cycle = try await visible(context)
        let members = try context.principal.scope.membersUnlessEverywhere
        let locations = try await desk.coverage(cycle.id, within: members)
        let uncovered = try await desk.uncovered(cycle.id, within: members, limit: limit)
        return try .json(
            CoverageView(
                cycle: cycle.id, locations: locations,
                uncovered: uncovered.map { CoverageView.Position(item: $0.item, location: $0.location) }))
    }

    /// The cycle in the path.
    ///
    /// - Throws: `input.notFound`, also when none of its positions is within the caller's scope.
    private func visible(_ context: GatewayContext) async throws -> CycleRow {
        let id: ID<ForecastCycle> = try context.id("id")
        if let members = try context.principal.scope.membersUnlessEverywhere {
            guard try await desk.reach(of: members, into: id) != .none else { throw Fault.notFound("Cycle \(id)") }
        }
        return try await desk.cycle(id)
    }

    /// The same for what concerns all its positions.
    ///
    /// - Throws: `gateway.outOfScope` as well.
    private func whole(_ context: GatewayContext) async throws -> CycleRow {
        let cycle = try await visible(context)
        if let members = try context.principal.scope.membersUnlessEverywhere {
            guard try await desk.reach(of: members, into: cycle.id) == .all else {
                throw Fault.outOfScope("Cycle \(cycle.id) has positions at locations that the key is not for.")
            }
        }
        return cycle
    }
}
