import Foundation
import Vocabulary

/// Another `plimsoll` process, started and stopped by this one.
final class ChildProcess {
    private let process = Process()
    private let lines: AsyncStream<String>

    /// - Parameter environment: added to this process's own.
    init(_ arguments: [String], environment: [String: String] = [:]) throws {
        let output = Pipe()
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        self.lines = lines
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardOutput = output
        process.standardError = FileHandle.standardError
        output.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            guard !data.isEmpty else {
                handle.readabilityHandler = nil
                continuation.finish()
                return
            }
            for line in String(decoding: data, as: UTF8.self).split(separator: "\n") { continuation.yield(String(line)) }
        }
        try process.run()
    }

    /// The rest of the first line that begins with `prefix`.
    ///
    /// - Throws: when the process ends without printing one.
    func line(beginning prefix: String) async throws -> String {
        for await line in lines where line.hasPrefix(prefix) {
            return String(line.dropFirst(prefix.count)).trimmingCharacters(in: .whitespaces)
        }
        throw CommandFailure(message: "A process ended before it said \"\(prefix)\".", code: .wrong)
    }

    /// Tells the process to end, and waits for it.
    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }
}
