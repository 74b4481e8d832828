import EventRelay
import Governance
import Yams

extension ConfigurationReader {
    /// `nats:`: without it no broker is spoken to, and everything works by asking the database.
    mutating func readNATS(_ node: Node?, _ configuration: inout ServerConfiguration) {
        guard let node,
            let entries = problems.entries(
                of: node, "nats", required: ["address"], optional: ["prefix", "replicas", "warehouse"]),
            let address = problems.text(entries["address"], "nats.address")
        else { return }
        if !address.split(separator: ",").allSatisfy({ $0.hasPrefix("nats://") || $0.hasPrefix("tls://") }) {
            problems.add(node, "nats.address", expected: "nats://host:4222, or tls://host:4222")
        }
        var nats = RelaySettings(address: address)
        if let prefix = problems.text(entries["prefix"], "nats.prefix") {
            if prefix.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }) {
                nats.prefix = prefix
            } else {
                problems.add(node, "nats.prefix", expected: "a word of letters, digits and _")
            }
        }
        nats.replicas = problems.whole(entries["replicas"], "nats.replicas", atLeast: 1) ?? nats.replicas
        if let warehouse = problems.text(entries["warehouse"], "nats.warehouse") {
            if warehouse != "true" && warehouse != "false" {
                problems.add(node, "nats.warehouse", expected: "true or false")
            }
            nats.readsWarehouse = warehouse == "true"
        }
        configuration.nats = nats
    }
}
