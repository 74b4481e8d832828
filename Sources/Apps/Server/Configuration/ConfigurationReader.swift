import CanonicalModel
import ConnectorKit
import Cycles
import Foundation
import Governance
import Replenishment
import Vocabulary
import Yams

extension Fault.Code {
    /// The configuration cannot be run; every problem is listed.
    package static let configurationInvalid = Self("server.configurationInvalid")
}

extension ServerConfiguration {
    /// Reads a configuration file, then the environment over it.
    ///
    /// - Parameters:
    ///   - path: nil for the standard values and the environment alone.
    ///   - environment: `PLIMSOLL_DATABASE`, `PLIMSOLL_LISTEN`, `PLIMSOLL_SYSTEM_<NAME>_<SETTING>`, …
    /// - Throws: `server.configurationInvalid` with every problem at once, each with its line.
    package static func read(path: String?, environment: [String: String]) throws(Fault) -> ServerConfiguration {
        var text = ""
        if let path {
            do {
                text = try String(contentsOfFile: path, encoding: .utf8)
            } catch {
                throw Fault(
                    .configurationInvalid, .reject,
                    "The configuration file \(path) cannot be read: \(error.localizedDescription).")
            }
        }
        var reader = ConfigurationReader(file: path ?? "environment")
        let configuration = reader.read(text, environment)
        guard reader.problems.found.isEmpty else {
            let count = reader.problems.found.count
            throw Fault(
                .configurationInvalid, .reject, "The configuration has \(count == 1 ? "one problem" : "\(count) problems").",
                violations: reader.problems.found)
        }
        return configuration
    }
}

/// From YAML nodes, which know their lines, to a configuration; goes on after a problem, to report them all.
struct ConfigurationReader {
    var problems: TableProblems

    init(file: String) {
        problems = TableProblems(file: file)
    }

    private static let keys = [
        "database", "databaseConnections", "listen", "auditKey", "auditCheckpoints", "decisionTable", "replica", "logLevel",
        "systems",
        "plans", "flow", "rates", "nats", "http",
    ]

    mutating func read(_ text: String, _ environment: [String: String]) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        if let root = composed(text), let entries = problems.entries(of: root, "configuration", required: [], optional: Self.keys)
        {
            readGeneral(entries, &configuration)
            configuration.systems = elements(entries["systems"], "systems").compactMap { readSystem($0, $1) }
            configuration.plans = elements(entries["plans"], "plans").compactMap { readPlan($0, $1) }
            readFlow(entries["flow"], &configuration.flow)
            readNATS(entries["nats"], &configuration)
            readHTTP(entries["http"], &configuration)
            readRates(entries["rates"], &configuration.flow.rates)
        }
        override(&configuration, environment)
        check(configuration)
        return configuration
    }

    private mutating func composed(_ text: String) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch {
            problems.add(line: 1, "configuration", found: "\(error)", expected: "well-formed YAML, each key once")
            return nil
        }
    }

    private mutating func readGeneral(_ entries: [String: Node], _ configuration: inout ServerConfiguration) {
        configuration.database = problems.text(entries["database"], "database") ?? configuration.database
        configuration.databaseConnections =
            problems.whole(entries["databaseConnections"], "databaseConnections", atLeast: 2) ?? configuration.databaseConnections
        if let listen = problems.text(entries["listen"], "listen") {
            readListen(listen, entries["listen"]?.line ?? 1, &configuration)
        }
        configuration.auditKey = problems.text(entries["auditKey"], "auditKey") ?? configuration.auditKey
        configuration.auditCheckpoints =
            problems.text(entries["auditCheckpoints"], "auditCheckpoints") ?? configuration.auditCheckpoints
        configuration.decisionTable = problems.text(entries["decisionTable"], "decisionTable")
        configuration.replica = problems.text(entries["replica"], "replica") ?? configuration.replica
        configuration.logLevel = problems.text(entries["logLevel"], "logLevel") ?? configuration.logLevel
    }

    private mutating func readListen(_ text: String, _ line: Int, _ configuration: inout ServerConfiguration) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let port = Int(parts[1]), (0...65_535).contains(port), !parts[0].isEmpty else {
            problems.add(line: line, "listen", found: text, expected: "an address and a port such as 127.0.0.1:8460")
            return
        }
        configuration.host = String(parts[0])
        configuration.port = port
    }

    private mutating func elements(_ node: Node?, _ what: String) -> [(Node, String)] {
        guard let node else { return [] }
        guard case .sequence(let sequence) = node else {
            problems.add(node, what, expected: "a list")
            return []
        }
        return sequence.enumerated().map { ($1, "\(what)[\($0)]") }
    }

    private mutating func readSystem(_ node: Node, _ what: String) -> ServerConfiguration.System? {
        guard
            let entries = problems.entries(
                of: node, what, required: ["name", "connector"],
                optional: ["settings", "syncMinutes", "inFlight", "requestsPerSecond"]),
            let name = problems.text(entries["name"], "\(what).name"),
            let connector = problems.text(entries["connector"], "\(what).connector")
        else { return nil }
        let names = connectorList.map { $0.manifest.name }
        if !names.contains(connector) {
            problems.addUnknown(connector, line: entries["connector"]?.line ?? 1, "\(what).connector", among: names)
        }
        var settings: [String: String] = [:]
        if case .mapping(let mapping)? = entries["settings"] {
            for (key, value) in mapping { settings[key.shown] = value.shown }
        } else if let other = entries["settings"] {
            problems.add(other, "\(what).settings", expected: "the connector's settings by name")
        }
        let minutes = problems.whole(entries["syncMinutes"], "\(what).syncMinutes", atLeast: 1)
        var system = ServerConfiguration.System(
            name: ID(name), connector: connector, settings: settings, syncEvery: minutes.map { .seconds($0 * 60) })
        system.inFlight = problems.whole(entries["inFlight"], "\(what).inFlight", atLeast: 1)
        system.requestsPerSecond = problems.number(entries["requestsPerSecond"], "\(what).requestsPerSecond")
        return system
    }

    private mutating func readPlan(_ node: Node, _ what: String) -> CyclePlan? {
        let optional = [
            "regions", "locations", "source", "periodDays", "horizon", "history", "season", "deadlineHours", "serviceTarget",
            "serviceTargetType", "leastChangePercent", "allocation",
        ]
        guard let entries = problems.entries(of: node, what, required: ["name"], optional: optional),
            let name = problems.text(entries["name"], "\(what).name")
        else { return nil }
        var plan = CyclePlan(name: name)
        plan.regions = (problems.texts(entries["regions"], "\(what).regions") ?? []).map(\.text)
        plan.locations = (problems.texts(entries["locations"], "\(what).locations") ?? []).map { ID($0.text) }
        plan.source = problems.text(entries["source"], "\(what).source").map { ID($0) } ?? plan.source
        plan.periodDays = problems.whole(entries["periodDays"], "\(what).periodDays", atLeast: 1) ?? plan.periodDays
        plan.horizon = problems.whole(entries["horizon"], "\(what).horizon", atLeast: 1) ?? plan.horizon
        plan.history = problems.whole(entries["history"], "\(what).history", atLeast: 1) ?? plan.history
        plan.season = problems.whole(entries["season"], "\(what).season", atLeast: 1) ?? plan.season
        if let hours = problems.number(entries["deadlineHours"], "\(what).deadlineHours") {
            plan.deadline = .milliseconds(Int(hours * 3_600_000))
        }
        plan.serviceTarget = problems.number(entries["serviceTarget"], "\(what).serviceTarget") ?? plan.serviceTarget
        plan.serviceTargetType = word(entries["serviceTargetType"], "\(what).serviceTargetType") ?? plan.serviceTargetType
        plan.allocation = word(entries["allocation"], "\(what).allocation")
        plan.leastChangePercent =
            problems.number(entries["leastChangePercent"], "\(what).leastChangePercent") ?? plan.leastChangePercent
        for violation in plan.violations() {
            problems.add(line: node.line, "\(what).\(violation.field)", found: violation.found, expected: violation.expected)
        }
        return plan
    }

    /// One of a few words.
    private mutating func word<Word: RawRepresentable<String> & CaseIterable>(_ node: Node?, _ what: String) -> Word? {
        guard let text = problems.text(node, what) else { return nil }
        if let known = Word(rawValue: text) { return known }
        problems.addUnknown(text, line: node?.line ?? 1, what, among: Word.allCases.map(\.rawValue))
        return nil
    }
}
