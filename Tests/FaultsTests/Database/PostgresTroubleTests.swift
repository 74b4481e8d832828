import Foundation
import Server
import StoragePostgres
import Synchronization
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite(.enabled(if: Backend.available.contains(.postgres)))
struct `A PostgreSQL in trouble` {
    @Test(.timeLimit(.minutes(5)))
    func `Row 5: stopped at once and started again under load it has everything that was acknowledged`() async throws {
        try await PostgresCluster.with { cluster in
            try await FaultWorld.during(.postgres, FaultWorld.Wish(cluster: cluster)) { world in
                try await world.serving { _, client in
                    let stream = SuggestionStream(world, every: .milliseconds(20))
                    stream.turn(to: client.server)
                    var back: [Duration] = []
                    try await stream.during {
                        for _ in 0..<FaultRun.size(1, long: 5) {
                            let before = stream.acknowledged.count
                            try await eventually("the load runs") { stream.acknowledged.count > before + 10 }
                            await cluster.stop(.immediate)
                            try await Task.sleep(for: .seconds(1))
                            try await cluster.start()
                            let (start, count) = (ContinuousClock.now, stream.acknowledged.count)
                            try await eventually("it acknowledges again", every: .milliseconds(5)) {
                                stream.acknowledged.count > count
                            }
                            back.append(ContinuousClock.now - start)
                        }
                    }
                    let reckoning = try await Reckoning.take(world, from: client)
                    FaultRun.note(
                        row: 5, "\(back.count) stops, acknowledging again after \(back.max()?.shown ?? "-") at most, \(reckoning)"
                    )
                    expectWhole(reckoning, stream)
                }
                #expect(try await world.auditVerifies())
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `Row 6: connections ended again and again, two alone to be had, and a table locked for a while`() async throws {
        try await FaultWorld.during(.postgres, FaultWorld.Wish(more: "databaseConnections: 2")) { world in
            try await world.serving { _, client in
                let stream = SuggestionStream(world, every: .milliseconds(10))
                stream.turn(to: client.server)
                let conninfo = try #require(Backend.conninfo)
                let name = try #require(world.database.split(separator: " ").last { $0.hasPrefix("dbname=") }).dropFirst(7)
                var ended = 0
                try await stream.during {
                    for _ in 0..<FaultRun.size(15, long: 200) {
                        try await PostgresDatabase.administer(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)'", at: conninfo)
                        ended += 1
                        try await Task.sleep(for: .milliseconds(100))
                    }
                    try await PostgresDatabase.administer(
                        "BEGIN; LOCK TABLE replenishment IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(1.5); COMMIT",
                        at: world.database)
                    let before = stream.acknowledged.count
                    try await eventually("it acknowledges again") { stream.acknowledged.count > before }
                }
                let reckoning = try await Reckoning.take(world, from: client)
                FaultRun.note(row: 6, "\(ended) storms, answers \(stream.now.statuses.sorted { $0.key < $1.key }), \(reckoning)")
                expectWhole(reckoning, stream)
                #expect(stream.now.withoutRetryAfter == 0)
                // Whatever the trouble, the sender is told, and told to come again.
                #expect(stream.now.statuses.keys.allSatisfy { [202, 503].contains($0) })
            }
            #expect(try await world.auditVerifies())
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `Row 7: a connection cut after COMMIT was sent leaves nothing undone and nothing done twice`() async throws {
        try await FaultWorld.during(.postgres) { world in
            try await LoopbackProxy.with(to: world.databasePort) { proxy in
                try await world.serving(["PLIMSOLL_DATABASE": world.database(over: proxy)]) { _, client in
                    let stream = SuggestionStream(world, every: .milliseconds(20))
                    stream.turn(to: client.server)
                    let cutter = CommitCutter(every: 7)
                    try await stream.during {
                        proxy.change { $0.watch = { connection, way, bytes in cutter.look(connection, way, bytes) } }
                        try await eventually("\(FaultRun.size(40, long: 600)) commits were cut") {
                            cutter.cuts >= FaultRun.size(40, long: 600)
                        }
                        proxy.change { $0.watch = nil }
                    }
                    let reckoning = try await Reckoning.take(world, from: client)
                    FaultRun.note(
                        row: 7,
                        "\(cutter.cuts) commits cut, answers \(stream.now.statuses.sorted { $0.key < $1.key }), \(reckoning)")
                    expectWhole(reckoning, stream)
                }
            }
            #expect(try await world.auditVerifies())
        }
    }
}

/// Lets every so-manieth COMMIT through to the server and ends the connection before the answer comes back.
private final class CommitCutter: Sendable {
    private struct State {
        var seen = 0
        var cuts = 0
        var doomed: Set<Int> = []
    }

    private let state = Mutex(State())
    private let every: Int
    private let commit = Array("COMMIT\0".utf8)

    init(every: Int) {
        self.every = every
    }

    var cuts: Int { state.withLock { $0.cuts } }

    func look(_ connection: Int, _ way: LoopbackProxy.Way, _ bytes: ArraySlice<UInt8>) -> LoopbackProxy.Verdict {
        state.withLock { state in
            switch way {
            case .there:
                guard bytes.count < 64, bytes.suffix(commit.count).elementsEqual(commit) else { return .pass }
                state.seen += 1
                if state.seen.isMultiple(of: every) { state.doomed.insert(connection) }
                return .pass
            case .back:
                guard state.doomed.remove(connection) != nil else { return .pass }
                state.cuts += 1
                return .cut
            }
        }
    }
}

/// What was acknowledged is done or was superseded, each effect is there once, and nothing is there that nobody answers for.
func expectWhole(_ reckoning: Reckoning, _ stream: SuggestionStream, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(!stream.acknowledged.isEmpty, sourceLocation: sourceLocation)
    let lost = reckoning.lost(of: stream.acknowledged).map { "\($0) \(reckoning.states[$0] ?? "is gone")" }
    #expect(lost == [], sourceLocation: sourceLocation)
    #expect(reckoning.duplicates == [], sourceLocation: sourceLocation)
    #expect(
        reckoning.effects == Dictionary(uniqueKeysWithValues: reckoning.done.map { ($0, 1) }), sourceLocation: sourceLocation)
}
