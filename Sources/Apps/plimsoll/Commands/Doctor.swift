import ArgumentParser
import Foundation
import Server
import Vocabulary

/// Looks a deployment over and says how to mend what is wrong.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check configuration, database and connectors, and say how to mend what is wrong.",
        discussion: "Exit code 3 when something is wrong.")

    @Option(name: .shortAndLong, help: "Configuration file; PLIMSOLL_CONFIG.")
    var config: String?

    func run() async throws {
        try await reporting {
            let environment = ProcessInfo.processInfo.environment
            let findings = await Examination.run(path: config ?? environment["PLIMSOLL_CONFIG"], environment: environment)
            for finding in findings {
                print("\(finding.isWell ? "ok   " : "WRONG")  \(finding.subject.padded(to: 28))\(finding.text)")
                if let remedy = finding.remedy { print("       \("".padded(to: 28))mend: \(remedy)") }
            }
            let wrong = findings.filter { !$0.isWell }.count
            if wrong > 0 {
                throw CommandFailure(message: "\(wrong) of \(findings.count) checks found something wrong.", code: .wrong)
            }
        }
    }
}
