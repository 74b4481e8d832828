import CanonicalModel
import ConnectorKit
import Dispatch
import Storage
import Vocabulary

/// One seed, told twice: what was wrong, and what it was put through.
package struct Simulation: Sendable {
    package struct Report: Sendable {
        package let seed: UInt64
        package let hash: UInt64
        /// What broke; empty when everything held.
        package let violations: [String]
        /// How often each kind of thing happened.
        package let counts: [String: Int]
        package let lines: [String]
    }

    /// Tells a seed once.
    ///
    /// - Parameter stepLimit: after so many steps a world has no end.
    package static func tell(
        _ seed: UInt64, weather: Weather? = nil, sabotage: Sabotage = Sabotage(), stepLimit: Int = 400_000,
        keepingLines: Bool = false
    ) async throws -> Report {
        let world = try World(seed, weather, sabotage, stepLimit: stepLimit, keepingLines: keepingLines)
        var violations: [String] = []
        do { try await inThreadOfItsOwn { try world.tell() } } catch { violations.append("\(error)") }
        violations += try await Invariants(of: world).violations()
        count(world.systems.books.effects.filter { !$0.isUndone }, in: world.trace)
        let rows = (try? await world.database.read { connection in try fingerprint(of: connection) }) ?? ""
        world.trace.say(rows, at: .epoch)
        await world.database.close()
        return Report(
            seed: seed, hash: world.trace.hash, violations: world.complaints + violations, counts: world.trace.counts,
            lines: world.trace.lines)
    }

    /// By the systems' own books: all effects, those where a system knows no keys of ours, and how many were there already.
    private static func count(_ effects: [Books.Effect], in trace: Trace) {
        var references: Set<String> = []
        for effect in effects {
            let system = Company.locations.first { $0.id == effect.action.location }?.system
            let isKeyed = Company.systems.contains { $0.id == system && $0.repeatability == .nativeIdempotency }
            trace.count("effect")
            if !isKeyed { trace.count("effectWithoutKey") }
            if !references.insert(effect.reference).inserted { trace.count("effectTwice") }
        }
    }

    /// Tells a seed twice; a second telling that differs is a violation too.
    package static func check(
        _ seed: UInt64, weather: Weather? = nil, sabotage: Sabotage = Sabotage()
    ) async throws -> Report {
        let first = try await tell(seed, weather: weather, sabotage: sabotage)
        let second = try await tell(seed, weather: weather, sabotage: sabotage)
        guard first.hash != second.hash else { return first }
        return Report(
            seed: seed, hash: first.hash, violations: first.violations + ["told twice it came out differently"],
            counts: first.counts, lines: [])
    }
}

/// Runs what would keep one of the few threads that tasks share for as long as a world lasts.
private func inThreadOfItsOwn(_ work: @escaping @Sendable () throws -> Void) async throws {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(with: Result(catching: work)) }
    }
}
