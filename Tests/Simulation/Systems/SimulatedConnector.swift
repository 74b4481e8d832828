import CanonicalModel
import ConnectorKit
import Governance
import Vocabulary

/// The connector that one simulated process has to one outside system; a dead process sends nothing.
final class SimulatedConnector: Connector {
    static let manifest = Manifest(
        name: "simulated", summary: "An outside system of the simulation.", settings: [], feeds: [:], capabilities: [:])

    let capabilities: [ActionKind: Capability]
    private let name: ID<ExternalSystem>
    private let systems: SimulatedSystems
    private let life: Life
    private let probes: Bool

    init(
        _ name: ID<ExternalSystem>, _ repeatability: Capability.Repeatability, to systems: SimulatedSystems, for life: Life,
        probes: Bool = true
    ) {
        self.name = name
        self.systems = systems
        self.life = life
        self.probes = probes
        capabilities = [
            .setInventoryPolicy: Capability(repeatability == .none ? .none : .absoluteSet, settles: Company.settles),
            .createTransfer: Capability(repeatability, settles: Company.settles),
            .createPurchaseProposal: Capability(repeatability, settles: Company.settles),
        ]
    }

    init(_ settings: SettingValues, in surroundings: Surroundings) throws(Fault) {
        throw .unsupported("A simulated connector is made by its world.")
    }

    func check() async throws(Fault) -> SystemInformation { SystemInformation(name: name.rawValue, version: "1") }

    func read(_ feed: Feed, after cursor: Cursor?, names: Crosswalk) async throws(Fault) -> Page {
        Page([], next: nil, hasMore: false)
    }

    func carryOut(_ action: Approved<Action>, reference: Reference, names: Crosswalk) async -> Outcome {
        guard life.isAlive else { return .unknown("The process is dead.") }
        return await systems.send(action.action, reference.rawValue, to: name)
    }

    func find(_ action: Action, reference: Reference, names: Crosswalk) async throws(Fault) -> Finding {
        guard life.isAlive else { throw .unreachable("The process is dead.") }
        // A mutation of the simulator's own tests: to take it for certain that nothing is there.
        guard probes else { return .absent }
        return try await systems.find(action, reference.rawValue, in: name)
    }
}
