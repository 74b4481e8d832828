import ArgumentParser

/// `plimsoll`: the server, and commands that speak HTTP to one.
@main
struct PlimsollCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plimsoll",
        abstract: "The control plane between ERP, warehouses and forecasting.",
        discussion: """
            Exit codes: 0 done; 1 the server or a file said no; 2 no server answers; 3 a check found something wrong; 64 wrong
            usage.
            """,
        version: "0.1.0",
        subcommands: [
            Serve.self, Demo.self, SandboxCommand.self, Sync.self, Import.self, Forecast.self, BacktestCommand.self,
            Simulate.self, Cycle.self, Accuracy.self, Recommendations.self, Decisions.self, Approve.self, Reject.self,
            Exceptions.self, Outlook.self, LeadTimes.self, Overrides.self, Events.self, DeadLettersCommand.self, Audit.self,
            Backup.self,
            Restore.self,
            Keys.self, Doctor.self,
        ])
}
