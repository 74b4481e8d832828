import ArgumentParser
import Foundation
import Server
import Vocabulary

/// The server itself.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server.",
        discussion: """
            Without a configuration file it keeps plimsoll.sqlite in the current folder and listens on 127.0.0.1:8460. \
            The first start prints an administrator key once; there is no default password.
            """)

    @Option(name: .shortAndLong, help: "Configuration file; PLIMSOLL_CONFIG.")
    var config: String?

    func run() async throws {
        try await reporting {
            let environment = ProcessInfo.processInfo.environment
            let configuration = try ServerConfiguration.read(
                path: config ?? environment["PLIMSOLL_CONFIG"], environment: environment)
            try await Plimsoll.serve(
                configuration, clock: wallClock(environment), failpoints: failpoints(environment)
            ) { notice in
                print(notice)
                fflush(nil)
            }
        }
    }
}
