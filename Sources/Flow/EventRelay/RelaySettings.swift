/// Where NATS is and what is kept there; without it everything works by asking the database.
package struct RelaySettings: Hashable, Sendable {
    /// `nats://user:password@host:4222`; several, separated by commas, for a cluster.
    package var address: String
    /// First word of every subject and stream: two deployments on one broker have different ones.
    package var prefix = "plimsoll"
    /// How many servers of the cluster keep each stream.
    package var replicas = 1
    /// Whether warehouse events are taken from the stream `<prefix>-warehouse`.
    package var readsWarehouse = false

    package init(address: String) {
        self.address = address
    }

    /// Where the events of one shard are published: message n of the stream is event n of the log.
    package func events(shard: Int) -> StreamPlan {
        StreamPlan(name: "\(prefix)-events-\(shard)", subjects: "\(prefix).events.\(shard).>", replicas: replicas)
    }

    /// Where warehouses bring what they observe.
    package var warehouse: StreamPlan {
        StreamPlan(name: "\(prefix)-warehouse", subjects: "\(prefix).warehouse.>", replicas: replicas)
    }

    package var warehouseConsumer: ConsumerPlan {
        ConsumerPlan(name: "\(prefix)-intake", stream: warehouse.name, subjects: warehouse.subjects)
    }

    /// `plimsoll.events.0.recommendation.received`: a receiver chooses by shard and type.
    package func subject(shard: Int, type: String) -> String {
        let words = type.split(separator: ".").drop { $0 == "plimsoll" }.map { word in
            String(word.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "_" })
        }
        return (["\(prefix).events.\(shard)"] + (words.isEmpty ? ["_"] : words)).joined(separator: ".")
    }
}
