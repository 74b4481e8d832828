import ConnectorKit
import EventLog
import Governance
import Replenishment
import Storage
import Synchronization
import Vocabulary

/// One process from its start to its end; what it knew is gone with it.
final class Life: Sendable {
    let name: String
    let dice: Dice
    private let machine: Machine
    private let world: World
    private let alive = Mutex(true)
    private let ending = Waiting<Bool>()

    init(_ name: String, on machine: Machine, dice: Dice, in world: World) {
        self.name = name
        self.machine = machine
        self.dice = dice
        self.world = world
    }

    var isAlive: Bool { alive.withLock { $0 } }

    /// Ends as by `kill -9`: nothing that it does from now on has any effect, and calls that have left are on their own.
    func crash(_ place: String) {
        guard isAlive else { return }
        world.trace.count("kill")
        end("is killed \(place)")
    }

    /// Nothing that it does from now on has any effect.
    func end(_ how: String) {
        guard
            alive.withLock({ alive in
                defer { alive = false }; return alive
            })
        else { return }
        world.say("\(name) \(how)")
        machine.strand.isHeld = false
        ending.tell(true)
    }

    func untilItEnds() async { _ = await ending.value(whenCancelled: true) }

    /// - Throws: when the database cannot be reached.
    func begin() async throws -> (services: FlowServices, clock: AgreedClock) {
        let database = SimulatedDatabase(for: self, in: world)
        let agreed = AgreedClock(own: ownClock) { [machine, world] in machine.uptime(in: world) }
        if !world.sabotage.trustsMachines { try await agreed.set(by: database) }
        return (try services(on: database, by: agreed.wallClock), agreed)
    }

    private var ownClock: WallClock {
        WallClock { [machine, world] in
            world.scheduler.now + machine.skew
        } pause: { [self] duration in
            guard isAlive else { throw CancellationError() }
            try await world.scheduler.pause(duration)
        }
    }

    private func services(on database: any Database, by clock: WallClock) throws(Fault) -> FlowServices {
        let sabotage = world.sabotage
        let systems = Company.systems.map { system in
            ConnectedSystems.Connected(
                name: system.id,
                connector: SimulatedConnector(
                    system.id, system.repeatability, to: world.systems, for: self, probes: !sabotage.neverProbes))
        }
        return FlowServices(
            database: database, events: EventLog(randomness: dice.fork().randomness),
            audit: AuditLog(), systems: ConnectedSystems(systems),
            policies: PolicyBook(current: try Company.decisions.get()), clock: clock,
            randomness: sabotage.chance ?? dice.fork().randomness, settings: World.settings,
            failpoints: Failpoints { [self, dice = dice.fork()] place in
                if dice.chance(2 * world.weather.crash) { crash("at \(place.rawValue)") }
            })
    }
}
