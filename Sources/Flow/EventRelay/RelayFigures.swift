import CoreMetrics
import EventLog
import Observability
import Storage
import Vocabulary

/// How the relay stands, for a monitoring system.
package struct RelayFigures: Sendable {
    let link: BrokerLink
    let settings: RelaySettings
    let database: any Database
    let logs: [EventLog]

    package init(_ settings: RelaySettings, in database: any Database, logs: [EventLog]) {
        link = BrokerLink(settings.address)
        self.settings = settings
        self.database = database
        self.logs = logs
    }

    /// Sets the gauges; a broker that does not answer is told as one that is down.
    package func record(in factory: any MetricsFactory) async throws {
        func set(_ name: String, _ labels: [(String, String)], _ value: Double) {
            factory.makeMeter(label: name, dimensions: labels).set(value)
        }
        for log in logs {
            let relay = JetStreamRelay(link, settings, shard: log.shard)
            let (head, published, poison) = try await database.read { connection in
                (
                    try log.head(on: connection), try Outbox(log).published(by: relay.name, on: connection) ?? 0,
                    try connection.value("SELECT COUNT(*) FROM relay_poison", as: Int.self) ?? 0
                )
            }
            set(MetricName.relayUnpublished, [("shard", String(log.shard))], Double(head - published))
            set(MetricName.relayPoison, [], Double(poison))
        }
        do {
            try await link.ping()
            set(MetricName.relayUp, [], 1)
            guard settings.readsWarehouse else { return }
            let lag = try await link.lag(of: settings.warehouseConsumer.name, on: settings.warehouse.name)
            set(MetricName.relayWaiting, [("consumer", settings.warehouseConsumer.name)], Double(lag?.waiting ?? 0))
            set(
                MetricName.relayUnacknowledged, [("consumer", settings.warehouseConsumer.name)],
                Double(lag?.unacknowledged ?? 0))
        } catch {
            set(MetricName.relayUp, [], 0)
        }
    }

    package func close() async {
        await link.close()
    }
}
