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

    @OptionGroup var file: ConfigurationOption

    func run() async throws {
        try await reporting {
            let environment = ProcessInfo.processInfo.environment
            try await Plimsoll.serve(
                try file.configuration(), clock: wallClock(environment), failpoints: failpoints(environment)
            ) { notice in
                print(notice)
                fflush(nil)
            }
        }
    }
}
