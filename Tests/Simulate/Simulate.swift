import Foundation
import Simulation
import Synchronization

/// `simulate --seed 7` tells one seed with all that happened, with `--short` as `make test` does;
/// `simulate --seeds 1000 --from 1` tells many, twice each.
@main
struct Simulate {
    static func main() async throws {
        let arguments = CommandLine.arguments
        func number(_ name: String) -> UInt64? {
            arguments.firstIndex(of: name).flatMap { arguments.indices.contains($0 + 1) ? UInt64(arguments[$0 + 1]) : nil }
        }
        if let seed = number("--seed") {
            try await show(seed, isShort: arguments.contains("--short"))
        } else {
            try await runMany(number("--from") ?? 1, number("--seeds") ?? 1000)
        }
    }

    private static func show(_ seed: UInt64, isShort: Bool) async throws {
        let weather = isShort ? Weather.drawn(by: Dice(seed)).short : nil
        let report = try await Simulation.tell(seed, weather: weather, keepingLines: true)
        for line in report.lines { print(line) }
        for entry in report.counts.sorted(by: { $0.key < $1.key }) { print("\(entry.value) \(entry.key)") }
        for violation in report.violations { print("VIOLATION \(violation)") }
        print("hash of the trace: \(hexadecimal(report.hash))")
        print("seed \(seed): \(report.violations.isEmpty ? "everything held" : "\(report.violations.count) violations")")
        if !report.violations.isEmpty { exit(1) }
    }

    private static func runMany(_ first: UInt64, _ count: UInt64) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let tally = Tally(first: first, count: count)
        await withDiscardingTaskGroup { group in
            for _ in 0..<max(1, ProcessInfo.processInfo.activeProcessorCount) {
                group.addTask { @concurrent in
                    while let seed = tally.next() { tally.take(try? await Simulation.check(seed), of: seed) }
                }
            }
        }
        let seconds = Double((clock.now - start) / .seconds(1))
        for entry in tally.counts.sorted(by: { $0.key < $1.key }) { print("\(entry.value) \(entry.key)") }
        let counts = tally.counts
        print(
            "\(counts["kill"] ?? 0) kills; \(counts["effect"] ?? 0) effects, \(counts["effectWithoutKey"] ?? 0) of them at "
                + "systems without keys, \(counts["effectTwice"] ?? 0) twice")
        print("\(count) seeds, twice each, in \(Int(seconds)) s: \(Int(Double(count) / seconds * 3600)) an hour")
        print("hash of all traces: \(hexadecimal(tally.hash))")
        guard let failed = tally.firstFailed else { return print("everything held") }
        print("\(tally.failed) seeds failed, the first is \(failed): make simulate SEED=\(failed)")
        exit(1)
    }
}

/// Which seed is next, and what came of those before.
private final class Tally: Sendable {
    private struct State {
        var next: UInt64
        var counts: [String: Int] = [:]
        var failed: [UInt64] = []
        var hash: UInt64 = 0
    }

    private let state: Mutex<State>
    private let end: UInt64

    init(first: UInt64, count: UInt64) {
        state = Mutex(State(next: first))
        end = first + count
    }

    var counts: [String: Int] { state.withLock { $0.counts } }
    var failed: Int { state.withLock { $0.failed.count } }
    var firstFailed: UInt64? { state.withLock { $0.failed.min() } }
    /// The same for the same seeds, in whatever order they were told.
    var hash: UInt64 { state.withLock { $0.hash } }

    func next() -> UInt64? {
        state.withLock { state in
            guard state.next < end else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    func take(_ report: Simulation.Report?, of seed: UInt64) {
        let violations = report?.violations ?? ["it could not be told"]
        state.withLock { state in
            state.counts.merge(report?.counts ?? [:], uniquingKeysWith: +)
            state.hash ^= report?.hash ?? 0
            if !violations.isEmpty { state.failed.append(seed) }
        }
        guard !violations.isEmpty else { return }
        print("seed \(seed) failed; see it with: make simulate SEED=\(seed)")
        for violation in violations { print("  \(violation)") }
        fflush(nil)
    }
}

private func hexadecimal(_ number: UInt64) -> String { String(number, radix: 16) }
