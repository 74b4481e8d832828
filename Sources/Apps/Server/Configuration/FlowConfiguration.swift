import CanonicalModel
import ConnectorKit
import EventRelay
import Governance
import Replenishment
import Vocabulary
import Yams

extension ConfigurationReader {
    mutating func readFlow(_ node: Node?, _ flow: inout FlowSettings) {
        guard let node,
            let entries = problems.entries(
                of: node, "flow", required: [],
                optional: [
                    "batch", "inFlight", "attempts", "firstPauseSeconds", "longestPauseSeconds", "callTimeoutSeconds",
                    "tolerancePercent", "reviewEverySeconds", "reviewDays",
                    "tolerancePercent", "failuresToRest", "firstRestSeconds", "longestRestSeconds", "oldestInQueueMinutes",
                    "drainSeconds",
                ])
        else { return }
        flow.batch = problems.whole(entries["batch"], "flow.batch", atLeast: 1) ?? flow.batch
        flow.inFlight = problems.whole(entries["inFlight"], "flow.inFlight", atLeast: 1) ?? flow.inFlight
        flow.attempts = problems.whole(entries["attempts"], "flow.attempts", atLeast: 1) ?? flow.attempts
        flow.firstPause = seconds(entries["firstPauseSeconds"], "flow.firstPauseSeconds") ?? flow.firstPause
        flow.longestPause = seconds(entries["longestPauseSeconds"], "flow.longestPauseSeconds") ?? flow.longestPause
        flow.callTimeout = seconds(entries["callTimeoutSeconds"], "flow.callTimeoutSeconds") ?? flow.callTimeout
        flow.reviewEvery = seconds(entries["reviewEverySeconds"], "flow.reviewEverySeconds") ?? flow.reviewEvery
        if let days = problems.whole(entries["reviewDays"], "flow.reviewDays", atLeast: 1) {
            flow.reviewFor = .hours(days * 24)
        }
        flow.failuresToRest = problems.whole(entries["failuresToRest"], "flow.failuresToRest", atLeast: 1) ?? flow.failuresToRest
        flow.firstRest = seconds(entries["firstRestSeconds"], "flow.firstRestSeconds") ?? flow.firstRest
        flow.longestRest = seconds(entries["longestRestSeconds"], "flow.longestRestSeconds") ?? flow.longestRest
        if let minutes = problems.number(entries["oldestInQueueMinutes"], "flow.oldestInQueueMinutes") {
            flow.oldestInQueue = .milliseconds(Int64(minutes * 60_000))
        }
        flow.drain = seconds(entries["drainSeconds"], "flow.drainSeconds") ?? flow.drain
        if let percent = problems.number(entries["tolerancePercent"], "flow.tolerancePercent") {
            flow.tolerance = Tolerance(percent: percent)
        }
    }

    private mutating func seconds(_ node: Node?, _ what: String) -> Duration? {
        problems.number(node, what).map { .milliseconds(Int64($0 * 1000)) }
    }

    mutating func readRates(_ node: Node?, _ rates: inout CostRates) {
        guard let node,
            let entries = problems.entries(
                of: node, "rates", required: [], optional: ["currency", "holdingRate", "orderCost", "latenessRate"])
        else { return }
        if let currency = problems.text(entries["currency"], "rates.currency") {
            do {
                rates.currency = try CurrencyCode(checking: currency, field: "rates.currency")
            } catch {
                problems.add(
                    line: entries["currency"]?.line ?? 1, "rates.currency", found: currency,
                    expected: "an ISO 4217 currency code such as EUR")
            }
        }
        rates.holdingRate = problems.number(entries["holdingRate"], "rates.holdingRate") ?? rates.holdingRate
        rates.orderCost = problems.number(entries["orderCost"], "rates.orderCost") ?? rates.orderCost
        rates.latenessRate = problems.number(entries["latenessRate"], "rates.latenessRate") ?? rates.latenessRate
    }

    /// `PLIMSOLL_…` in the environment wins over the file: secrets need not be in files.
    mutating func override(_ configuration: inout ServerConfiguration, _ environment: [String: String]) {
        configuration.database = environment["PLIMSOLL_DATABASE"] ?? configuration.database
        if let address = environment["PLIMSOLL_NATS"], !address.isEmpty {
            configuration.nats = configuration.nats ?? RelaySettings(address: address)
            configuration.nats?.address = address
        }
        configuration.auditKey = environment["PLIMSOLL_AUDIT_KEY"] ?? configuration.auditKey
        configuration.auditCheckpoints = environment["PLIMSOLL_AUDIT_CHECKPOINTS"] ?? configuration.auditCheckpoints
        configuration.replica = environment["PLIMSOLL_REPLICA"] ?? configuration.replica
        configuration.logLevel = environment["PLIMSOLL_LOG_LEVEL"] ?? configuration.logLevel
        if let listen = environment["PLIMSOLL_LISTEN"] {
            var other = ConfigurationReader(file: "PLIMSOLL_LISTEN")
            let read = other.read("listen: \"\(listen.replacing("\"", with: ""))\"", [:])
            for problem in other.problems.found {
                problems.add(line: 1, "listen", found: problem.found, expected: problem.expected)
            }
            (configuration.host, configuration.port) = (read.host, read.port)
        }
        for index in configuration.systems.indices {
            let prefix = "PLIMSOLL_SYSTEM_\(variable(configuration.systems[index].name.rawValue))_"
            guard let type = connectorList.first(where: { $0.manifest.name == configuration.systems[index].connector }) else {
                continue
            }
            for setting in type.manifest.settings {
                if let value = environment[prefix + variable(setting.key)] {
                    configuration.systems[index].settings[setting.key] = value
                }
            }
        }
    }

    /// `erpEast` and `erp-east` are `ERPEAST` and `ERP_EAST` in the environment.
    private func variable(_ name: String) -> String {
        String(name.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
    }

    /// What no single entry shows: names used twice, settings that a connector does not take.
    mutating func check(_ configuration: ServerConfiguration) {
        var seen: Set<String> = []
        for (index, system) in configuration.systems.enumerated() {
            if !seen.insert(system.name.rawValue).inserted {
                problems.add(line: 1, "systems[\(index)].name", found: system.name.rawValue, expected: "each name once")
            }
            guard let type = connectorList.first(where: { $0.manifest.name == system.connector }) else { continue }
            for violation in type.manifest.validate(hosted(system, by: type)) {
                problems.add(
                    line: 1, "systems[\(index)].settings.\(violation.field)", found: violation.found, expected: violation.expected
                )
            }
        }
        let levels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]
        if !levels.contains(configuration.logLevel) {
            problems.addUnknown(configuration.logLevel, line: 1, "logLevel", among: levels)
        }
    }
}
