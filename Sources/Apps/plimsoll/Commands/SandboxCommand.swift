import ArgumentParser
import Foundation
import SandboxERP
import Server
import Vocabulary

/// The sandbox ERP as a process of its own.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox", abstract: "Run a small ERP with three warehouses, for demonstrations and fault tests.")

    @Option(help: "Port to listen on; 0 takes a free one.")
    var port = 8765

    @Option(help: "Key that callers must show.")
    var apiKey = "sandbox"

    @Option(help: "Seed of the sample company.")
    var seed: UInt64 = 1

    @Option(help: "Further places that keep what the warehouse in Atlanta keeps, for tests of load.")
    var branches = 0

    @Flag(help: "Recognise repeated requests by their Idempotency-Key.")
    var deduplicate = false

    func run() async throws {
        var adversary = Adversary()
        adversary.deduplicate = deduplicate
        let configuration = SandboxConfiguration(
            port: port, key: apiKey, seed: seed, branches: max(0, branches), adversary: adversary, clock: .system)
        try await SandboxERP.run(configuration: configuration) { port in
            print("Sandbox ERP ready at http://\(configuration.host):\(port)")
            fflush(nil)
        }
    }
}
