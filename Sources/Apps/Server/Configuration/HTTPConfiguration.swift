import Gateway
import Governance
import Vocabulary
import Yams

extension ConfigurationReader {
    /// `http:`: how much this process takes at once, and how it leaves.
    mutating func readHTTP(_ node: Node?, _ configuration: inout ServerConfiguration) {
        guard let node,
            let entries = problems.entries(
                of: node, "http", required: [],
                optional: [
                    "requestsPerSecond", "burst", "requestsInFlight", "bodyMegabytesInFlight", "connections", "idleSeconds",
                    "lingerSeconds",
                ])
        else { return }
        var limits = configuration.http
        limits.perSecond =
            problems.whole(entries["requestsPerSecond"], "http.requestsPerSecond", atLeast: 1).map(Double.init)
            ?? limits.perSecond
        limits.burst = problems.whole(entries["burst"], "http.burst", atLeast: 1) ?? limits.burst
        limits.requestsInFlight =
            problems.whole(entries["requestsInFlight"], "http.requestsInFlight", atLeast: 1) ?? limits.requestsInFlight
        if let megabytes = problems.whole(entries["bodyMegabytesInFlight"], "http.bodyMegabytesInFlight", atLeast: 1) {
            limits.bodiesInFlight = megabytes << 20
        }
        limits.connections = problems.whole(entries["connections"], "http.connections", atLeast: 1) ?? limits.connections
        if let idle = problems.number(entries["idleSeconds"], "http.idleSeconds") {
            limits.idle = .milliseconds(Int64(idle * 1000))
        }
        if let linger = problems.number(entries["lingerSeconds"], "http.lingerSeconds") {
            configuration.linger = .milliseconds(Int64(linger * 1000))
        }
        configuration.http = limits
    }
}
