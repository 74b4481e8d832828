import Synchronization
import Vocabulary

/// Lets many callers share a commit: what comes while nobody writes is written at once, and what comes while a commit is
/// running is written together by the next one.
///
/// Whoever finds the writer idle writes, and hands on to one of those who came meanwhile; so there is no task without a
/// parent. A batch that fails is halved until the one that fails is alone: its caller is told, and its neighbours are written.
package final class CommitCoalescer<Request: Sendable, Answer: Sendable>: Sendable {
    private struct State {
        var waiting: [Ticket] = []
        var weight = 0
        var isWriting = false
    }

    private let state = Mutex(State())
    let name: String
    let bound: Int
    private let most: Int

    /// - Parameters:
    ///   - name: what waits in it, for people.
    ///   - bound: the weight that may wait before more is refused.
    ///   - most: the weight of one transaction, unless a single request is heavier.
    package init(_ name: String, bound: Int, most: Int) {
        self.name = name
        self.bound = bound
        self.most = most
    }

    /// What waits to be written.
    package var load: Int { state.withLock { $0.weight } }

    /// - Parameter write: writes a batch in one transaction and answers each request, in order; it may be called several times.
    /// - Throws: what `write` throws for this request alone; `replenishment.busy` when too much waits.
    package func submit(
        _ request: Request, weight: Int = 1, write: @Sendable ([Request]) async throws -> [Answer]
    ) async throws -> Answer {
        let ticket = Ticket(request, weight: weight)
        let isFirst = try state.withLock { state in
            guard state.waiting.isEmpty || state.weight + weight <= bound else { throw Fault.busy(name, state.weight) }
            state.waiting.append(ticket)
            state.weight += weight
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if isFirst { ticket.settle(.lead) }
        switch await ticket.turn() {
        case .over(let result): return try result.get()
        case .lead: break
        }
        let batch = takeBatch()
        await settle(batch[...], ledBy: ticket, write)
        handOn()
        guard case .over(let result) = await ticket.turn() else { throw Fault.defect("A batch of \(name) left its leader out.") }
        return try result.get()
    }

    private func takeBatch() -> [Ticket] {
        state.withLock { state in
            var weight = 0
            let count = state.waiting.prefix { ticket in
                weight += ticket.weight
                return weight <= most
            }.count
            let batch = Array(state.waiting.prefix(max(1, count)))
            state.waiting.removeFirst(batch.count)
            state.weight -= batch.reduce(0) { $0 + $1.weight }
            return batch
        }
    }

    private func handOn() {
        let next: Ticket? = state.withLock { state in
            state.isWriting = !state.waiting.isEmpty
            return state.waiting.first
        }
        next?.settle(.lead)
    }

    private func settle(
        _ batch: ArraySlice<Ticket>, ledBy leader: Ticket, _ write: @Sendable ([Request]) async throws -> [Answer]
    ) async {
        do {
            let answers = try await write(batch.map(\.request))
            guard answers.count == batch.count else { throw Fault.defect("A batch of \(name) was not answered in full.") }
            for (ticket, answer) in zip(batch, answers) { ticket.settle(.over(.success(answer))) }
        } catch is CancellationError {
            // Nothing was begun. Only the leader was told to stop; the others go on with another one.
            let others = batch.filter { $0 !== leader }
            state.withLock { state in
                state.waiting.insert(contentsOf: others, at: 0)
                state.weight += others.reduce(0) { $0 + $1.weight }
            }
            leader.settle(.over(.failure(CancellationError())))
        } catch {
            // The database's own trouble is everybody's; halving would only repeat it.
            guard batch.count > 1, (error as? Fault)?.isPassing != true else {
                for ticket in batch { ticket.settle(.over(.failure(error))) }
                return
            }
            let middle = batch.startIndex + batch.count / 2
            await settle(batch[..<middle], ledBy: leader, write)
            await settle(batch[middle...], ledBy: leader, write)
        }
    }

    private enum Turn {
        case lead
        case over(Result<Answer, any Error>)
    }

    /// One caller's place in the queue.
    private final class Ticket: Sendable {
        private struct State {
            var turns: [Turn] = []
            var waiting: CheckedContinuation<Turn, Never>?
        }

        let request: Request
        let weight: Int
        private let state = Mutex(State())

        init(_ request: Request, weight: Int) {
            self.request = request
            self.weight = weight
        }

        func settle(_ turn: Turn) {
            let waiting: CheckedContinuation<Turn, Never>? = state.withLock { state in
                defer { state.waiting = nil }
                if state.waiting == nil { state.turns.append(turn) }
                return state.waiting
            }
            waiting?.resume(returning: turn)
        }

        func turn() async -> Turn {
            await withCheckedContinuation { continuation in
                let turn: Turn? = state.withLock { state in
                    guard state.turns.isEmpty else { return state.turns.removeFirst() }
                    state.waiting = continuation
                    return nil
                }
                if let turn { continuation.resume(returning: turn) }
            }
        }
    }
}

/// Where the callers of one process wait for a commit.
struct FlowQueues: Sendable {
    let acceptances = CommitCoalescer<Intake.Batch, [Receipt]>("acceptances", bound: 20_000, most: 500)
    let completions = CommitCoalescer<Completion.Ended, Bool>("completions", bound: 20_000, most: 500)
    let findings = CommitCoalescer<Settlement.Read, Bool>("findings", bound: 20_000, most: 200)

    /// What waits in each, and how much may.
    var figures: [(name: String, load: Int, bound: Int)] {
        [
            (acceptances.name, acceptances.load, acceptances.bound),
            (completions.name, completions.load, completions.bound), (findings.name, findings.load, findings.bound),
        ]
    }
}

extension Fault.Code {
    /// More is waiting to be written than memory should hold: the same request may be sent again soon.
    package static let busy = Self("replenishment.busy")
}

extension Fault {
    static func busy(_ queue: String, _ waiting: Int) -> Fault {
        Fault(.busy, .retry(after: .seconds(1)), "\(waiting) \(queue) wait to be written already: try again in a second.")
    }
}
