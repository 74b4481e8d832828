import ArgumentParser
import Foundation

/// Forecast cycles.
struct Cycle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run and watch forecast cycles.",
        subcommands: [CycleRun.self, CycleShow.self, CycleList.self, CycleCoverage.self, CycleClose.self])
}

struct CycleRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Open a cycle of a plan; with the built-in engine forecast, recommend and close it.")

    @Argument(help: "The plan's name in the configuration.")
    var plan: String

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            var cycle = try await client.post("/process/v1/cycles", .object(["plan": .string(plan)]))
            if cycle["plan.source"].string == "plimsoll" {
                let path = "/process/v1/cycles/\(escaped(cycle["id"].shown))"
                _ = try await client.post(path + "/run")
                cycle = try await followRun(path, client)
                if cycle["state"].string != "closed" { cycle = try await client.post(path + "/close") }
            }
            try options.show(cycle, cycleText)
        }
    }
}

struct CycleShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show how far a cycle is.")

    @Argument(help: "The cycle.")
    var cycle: String

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            try options.show(try await client.get("/process/v1/cycles/\(escaped(cycle))")) { answer in
                answer["run.id"].string == nil ? cycleText(answer) : cycleText(answer) + "\n" + runText(answer)
            }
        }
    }
}

struct CycleList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the latest cycles.")

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            try options.show(try await client.get("/process/v1/cycles")) { answer in
                answer["cycles"].list.map(cycleText).joined(separator: "\n")
            }
        }
    }
}

struct CycleCoverage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage", abstract: "List what a cycle has no forecast for yet.")

    @Argument(help: "The cycle.")
    var cycle: String

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            try options.show(try await client.get("/process/v1/cycles/\(escaped(cycle))/coverage")) { answer in
                var table = TextTable("item", "location")
                for position in answer["uncovered"].list { table.add(position["item"].shown, position["location"].shown) }
                return table.rows.isEmpty ? "Everything is covered." : table.text
            }
        }
    }
}

struct CycleClose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "close", abstract: "Close a cycle.")

    @Argument(help: "The cycle.")
    var cycle: String

    @Flag(help: "Close it although something is missing.")
    var force = false

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            let answer = try await client.post("/process/v1/cycles/\(escaped(cycle))/close", .object(["force": .bool(force)]))
            try options.show(answer, cycleText)
        }
    }
}

/// Waits until the engine's run of a cycle has ended, and tells its progress to standard error.
func followRun(_ path: String, _ client: APIClient) async throws -> JSONValue {
    var told: JSONValue = .null
    var round = 0
    while true {
        let cycle = try await client.get(path)
        if cycle["run.state"].string == "done" { return cycle }
        if round % 20 == 19, cycle["run.positionsDone"] != told {
            told = cycle["run.positionsDone"]
            FileHandle.standardError.write(Data((runText(cycle) + "\n").utf8))
        }
        round += 1
        try await Task.sleep(for: .milliseconds(100))
    }
}

private func runText(_ cycle: JSONValue) -> String {
    func figure(_ name: String) -> String { cycle["run.\(name)"].shown }
    return "run: \(figure("positionsDone")) of \(figure("positions")) positions in \(figure("chunksDone")) of "
        + "\(figure("chunks")) chunks, \(figure("chunksTaken")) under way, \(figure("troubled")) for people to look at"
}

func cycleText(_ cycle: JSONValue) -> String {
    "\(cycle["id"].shown): \(cycle["state"].shown), \(cycle["forecast"].shown) of \(cycle["expected"].shown) positions "
        + "forecast by "
        + "\(cycle["plan.source"].shown), \(cycle["provisional"].shown) provisional, \(cycle["recommendations"].shown) "
        + "recommendations"
}
