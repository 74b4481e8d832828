import ConnectorKit
import EventLog
import Replenishment
import Vocabulary

extension Synchronizer {
    /// A synchronizer of one connected system, with what the flow is given.
    package init(_ system: ConnectedSystems.Connected, _ services: FlowServices) {
        self.init(
            system: system.name, connector: system.connector, database: services.database, log: services.events,
            clock: services.clock, randomness: services.randomness)
    }
}
