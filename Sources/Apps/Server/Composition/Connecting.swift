import ConnectorKit
import Replenishment
import Vocabulary

/// The way to one outside system: sockets and a budget of its own, so that no other system waits when this one is slow.
struct SystemLink {
    let system: ConnectedSystems.Connected
    let http: HTTPClientExchange

    /// - Throws: what is wrong with the system's settings.
    init(
        to system: ServerConfiguration.System, _ configuration: ServerConfiguration, clock: WallClock, randomness: Randomness
    ) throws {
        guard let type = connectorList.first(where: { $0.manifest.name == system.connector }) else {
            throw Fault.invalid(
                "connector", found: system.connector, expected: "one of \(connectorList.map { $0.manifest.name })")
        }
        let inFlight = system.inFlight ?? configuration.flow.inFlight
        // As many again for what is read back while actions are sent, and a few for feeds.
        let connections = 2 * inFlight + 4
        http = HTTPClientExchange(connections: connections)
        let budget = ThrottleBudget(
            .init(
                concurrent: connections, perSecond: system.requestsPerSecond ?? .infinity,
                burst: system.requestsPerSecond.map { max(1, Int($0)) } ?? 10),
            dialect: type.manifest.throttling, clock: clock, randomness: randomness)
        let surroundings = Surroundings(
            http: ThrottledExchange(http, within: budget, clock: clock), clock: clock, randomness: randomness)
        self.system = ConnectedSystems.Connected(
            name: system.name, connector: try type.init(try type.manifest.values(hosted(system, by: type)), in: surroundings),
            budget: budget, inFlight: system.inFlight)
    }
}
