import ArgumentParser

/// Forecast cycles.
struct Cycle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run and watch forecast cycles.",
        subcommands: [CycleRun.self, CycleList.self, CycleCoverage.self, CycleClose.self])
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
                cycle = try await client.post(path + "/close")
            }
            try options.show(cycle, cycleText)
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

func cycleText(_ cycle: JSONValue) -> String {
    "\(cycle["id"].shown): \(cycle["state"].shown), \(cycle["forecast"].shown) of \(cycle["expected"].shown) positions "
        + "forecast by "
        + "\(cycle["plan.source"].shown), \(cycle["provisional"].shown) provisional, \(cycle["recommendations"].shown) "
        + "recommendations"
}
