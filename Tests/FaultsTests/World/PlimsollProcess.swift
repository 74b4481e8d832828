import Foundation
import Vocabulary

/// The built `plimsoll` command as a process of its own, which a test may kill.
final class PlimsollProcess {
    /// The build leaves the command beside the test program that runs; `PLIMSOLL_PROGRAM` names another one to measure.
    private static let executable =
        ProcessInfo.processInfo.environment["PLIMSOLL_PROGRAM"].map { URL(fileURLWithPath: $0) }
        ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "plimsoll")

    private let process = Process()
    private let output: URL

    /// - Parameters:
    ///   - environment: added to this process's own.
    ///   - output: the file that takes what it prints.
    ///   - descriptors: how many files and sockets it may have open; nil for as many as this process.
    init(_ arguments: [String], environment: [String: String] = [:], descriptors: Int? = nil, output: URL) throws {
        self.output = output
        try Data().write(to: output)
        let handle = try FileHandle(forWritingTo: output)
        process.executableURL = Self.executable
        process.arguments = arguments
        if let descriptors {
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", "ulimit -n \(descriptors); exec \"$0\" \"$@\"", Self.executable.path] + arguments
        }
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        try handle.close()
    }

    var isRunning: Bool { process.isRunning }

    var printed: String {
        get throws { try String(contentsOf: output, encoding: .utf8) }
    }

    /// The rest of the first whole line that begins with `prefix`.
    ///
    /// - Throws: when the process ends, or half a minute goes by, without it.
    func line(beginning prefix: String) async throws -> String {
        for _ in 0..<6000 {
            let wasRunning = process.isRunning
            // What stands after the last line break may still be growing.
            let lines = try printed.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            if let line = lines.first(where: { $0.hasPrefix(prefix) }) {
                return line.dropFirst(prefix.count).trimmingCharacters(in: .whitespaces)
            }
            guard wasRunning else { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw Fault.defect("A process did not say \"\(prefix)\"; it said: \(try printed)")
    }

    /// Waits until the process has ended; true when it was killed.
    func wasKilled() async throws -> Bool {
        while process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
        return process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
    }

    /// Waits until the process has ended by itself, with this exit status.
    func status() async throws -> Int32 {
        while process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
        return process.terminationStatus
    }

    /// Stops it where it is, as a machine that swaps or is moved does; `thaw` lets it go on as if nothing had been.
    func freeze() {
        kill(process.processIdentifier, SIGSTOP)
    }

    func thaw() {
        kill(process.processIdentifier, SIGCONT)
    }

    /// Ends it at once, wherever it is.
    func endAtOnce() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    func tellToStop() { process.terminate() }

    /// Tells it to finish what is under way and to end.
    func stop() async throws {
        tellToStop()
        _ = try await status()
    }
}
