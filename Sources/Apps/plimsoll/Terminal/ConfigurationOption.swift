import ArgumentParser
import Foundation
import Server

/// Where a command that opens the database itself finds the server's configuration.
struct ConfigurationOption: ParsableArguments {
    @Option(name: .shortAndLong, help: "Configuration file; PLIMSOLL_CONFIG.")
    var config: String?

    func configuration() throws -> ServerConfiguration {
        let environment = ProcessInfo.processInfo.environment
        return try ServerConfiguration.read(path: config ?? environment["PLIMSOLL_CONFIG"], environment: environment)
    }
}
