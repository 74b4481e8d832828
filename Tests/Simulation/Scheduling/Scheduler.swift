import Synchronization
import Vocabulary

/// Runs every task of a simulated world in one thread, a step at a time, in an order that dice decide.
///
/// A step is what a task does between two suspensions; an alarm is something that happens at an instant. Time stands
/// still while anything can go on.
package final class Scheduler: Sendable {
    private struct State {
        var now: Instant
        var steps: [(strand: Strand, job: UnownedJob)] = []
        /// The next one first.
        var alarms: [(at: Instant, serial: UInt64, ring: @Sendable () -> Void)] = []
        var serial: UInt64 = 0
        var taken = 0
        /// The one that everything happens in.
        var thread: UInt?
        var hasStranger = false

        /// Where the step is that has so many before it that could go on.
        func place(ofReady number: Int) -> Int {
            var left = number
            for index in steps.indices where !steps[index].strand.isHeld {
                if left == 0 { return index }
                left -= 1
            }
            return steps.startIndex
        }
    }

    private let state: Mutex<State>
    private let dice: Dice
    private let trace: Trace
    private let stepLimit: Int

    package init(from start: Instant, dice: Dice, trace: Trace = Trace(keepingLines: false), stepLimit: Int = 400_000) {
        state = Mutex(State(now: start))
        self.dice = dice
        self.trace = trace
        self.stepLimit = stepLimit
    }

    package var now: Instant { state.withLock { $0.now } }

    /// Every machine sleeps for so long: what was due meanwhile is due at once.
    package func leap(by duration: Duration) {
        state.withLock { $0.now = $0.now + duration }
    }

    /// Runs `body`, and with it all tasks below it, to its end.
    ///
    /// - Throws: when nothing can go on, when something waits for the world outside, or after too many steps.
    package func run(in strand: Strand, _ body: @escaping @Sendable () async -> Void) throws {
        let isOver = Mutex(false)
        state.withLock { $0.thread = currentThread() }
        let task = Task(executorPreference: strand) {
            await body()
            isOver.withLock { $0 = true }
        }
        defer { task.cancel() }
        while !isOver.withLock({ $0 }) { try goOn() }
    }

    /// Calls `ring` at an instant, or as soon as it can when that is past.
    @discardableResult
    package func at(_ instant: Instant, _ ring: @escaping @Sendable () -> Void) -> UInt64 {
        state.withLock { state in
            state.serial += 1
            let place = state.alarms.firstIndex { $0.at > instant } ?? state.alarms.endIndex
            state.alarms.insert((instant, state.serial, ring), at: place)
            return state.serial
        }
    }

    package func forget(_ alarm: UInt64) {
        state.withLock { state in
            guard let index = state.alarms.firstIndex(where: { $0.serial == alarm }) else { return }
            state.alarms.remove(at: index)
        }
    }

    func add(_ job: UnownedJob, in strand: Strand) {
        state.withLock { state in
            if currentThread() != state.thread { state.hasStranger = true }
            state.steps.append((strand, job))
        }
    }

    private enum Choice {
        case step(Strand, UnownedJob)
        case alarm(@Sendable () -> Void)
    }

    private func goOn() throws {
        let choice = try state.withLock { state throws -> Choice in
            guard !state.hasStranger else { throw SimulationFault.stranger }
            state.taken += 1
            guard state.taken < stepLimit else { throw SimulationFault.endless(steps: state.taken) }
            return try choose(&state)
        }
        switch choice {
        case .step(let strand, let job): job.runSynchronously(on: strand.asUnownedTaskExecutor())
        case .alarm(let ring): ring()
        }
    }

    private func choose(_ state: inout State) throws -> Choice {
        let ready = state.steps.count { !$0.strand.isHeld }
        let due = state.alarms.prefix { $0.at <= state.now }.count
        guard ready + due > 0 else {
            guard let next = state.alarms.first else { throw SimulationFault.stuck }
            state.now = next.at
            return try choose(&state)
        }
        let index = ready + due == 1 ? 0 : dice.number(0...(ready + due - 1))
        trace.mix(UInt64(index))
        guard index < ready else { return .alarm(state.alarms.remove(at: index - ready).ring) }
        let step = state.steps.remove(at: state.place(ofReady: index))
        trace.mix(step.strand.number)
        return .step(step.strand, step.job)
    }
}

/// Why a world cannot be told to its end.
package enum SimulationFault: Error, CustomStringConvertible {
    case stuck
    /// A task was resumed from outside: by a timer, thread or executor that the seed does not own.
    case stranger
    case endless(steps: Int)

    package var description: String {
        switch self {
        case .stuck: "Nothing can go on, and nothing is due."
        case .stranger: "A task was resumed from a thread that is not the simulation's."
        case .endless(let steps): "There was no end after \(steps) steps."
        }
    }
}
