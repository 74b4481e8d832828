import CanonicalModel
import Logging
import Replenishment
import Storage
import Threads
import Vocabulary

/// One replica's share of the engine's work: takes chunks, computes them on threads of their own, writes them.
///
/// Every replica has one. What a run answers does not depend on how many there are, nor on how many threads they have.
package struct EngineWorker: Sendable {
    let services: FlowServices
    let queue: ChunkQueue
    let threads: ComputingThreads
    let logger: Logger

    /// A chunk with which so many replicas ended is cut in two instead of being tried once more.
    static let attempts = 3

    package init(
        _ services: FlowServices, lease: ReplicaLease, logger: Logger, threads: ComputingThreads = .shared
    ) {
        self.services = services
        queue = ChunkQueue(database: services.database, epoch: lease.epoch)
        self.threads = threads
        self.logger = logger
    }

    /// Computes chunks until none is left or the process is to stop, and ends runs that are complete.
    ///
    /// - Parameter isStopping: looked at before each chunk.
    /// - Returns: whether there was anything to do.
    @discardableResult
    package func run(isStopping: @escaping @Sendable () -> Bool = { false }) async throws -> Bool {
        let first = try await queue.take(at: services.clock.now())
        if let first {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask(executorPreference: threads) { try await work(on: first, isStopping) }
                // While one chunk waits for the database another one computes.
                for _ in 0..<threads.count {
                    group.addTask(executorPreference: threads) { try await work(on: nil, isStopping) }
                }
                try await group.waitForAll()
            }
        }
        let ended = try await EngineRuns(services).end()
        return first != nil || !ended.isEmpty
    }

    private func work(on first: EngineChunk?, _ isStopping: @Sendable () -> Bool) async throws {
        var next = first
        while true {
            if let chunk = next { try await compute(chunk) }
            if isStopping() || Task.isCancelled { return }
            next = try await queue.take(at: services.clock.now())
            if next == nil { return }
        }
    }

    private func compute(_ chunk: EngineChunk) async throws {
        let engine = BuiltInEngine(services)
        guard chunk.attempts <= Self.attempts else {
            return try await isolate(chunk, engine, because: .defect("\(Self.attempts) processes ended while they computed it."))
        }
        do {
            try await engine.compute(chunk) { result, connection, now in
                try queue.complete(chunk, result, on: connection, at: now)
            }
        } catch let fault as Fault where fault.code == .chunkLost {
            logger.warning("a chunk was computed in vain", metadata: ["reason": "\(fault.message)"])
        } catch let fault as Fault {
            if case .retry = fault.disposition {
                try? await queue.giveBack(chunk)
                throw fault
            }
            try await isolate(chunk, engine, because: fault)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            try await isolate(chunk, engine, because: .defect("\(error)"))
        }
    }

    /// What cannot be computed is halved until it is alone, and then put before a person; the others go on.
    private func isolate(_ chunk: EngineChunk, _ engine: BuiltInEngine, because fault: Fault) async throws {
        logger.error(
            "a chunk could not be computed",
            metadata: ["run": "\(chunk.run)", "items": "\(chunk.firstItem) to \(chunk.lastItem)", "fault": "\(fault)"])
        let positions = try await engine.positions(of: chunk)
        let items = positions.reduce(into: [ID<Item>]()) { items, position in
            if items.last != position.item { items.append(position.item) }
        }
        if items.count > 1 {
            let (last, next) = (items[items.count / 2 - 1], items[items.count / 2])
            return try await queue.split(chunk, after: (last, positions.count { $0.item <= last }), before: next)
        }
        if positions.count > 1 { return try await queue.scatter(chunk, over: positions.map(\.location)) }
        let now = services.clock.now()
        try await services.database.write { connection in
            try engine.report(positions.map { Trouble(position: $0, fault: fault) }, of: chunk, connection, now)
            try queue.complete(chunk, ChunkResult(troubled: positions.count), on: connection, at: now)
        }
    }
}
