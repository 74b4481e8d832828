import CanonicalModel
import ConnectorKit
import Governance
import Synchronization
import Vocabulary

/// The outside systems of the world and the network in between; they keep books themselves.
package final class SimulatedSystems: Sendable {
    private struct State {
        var books = Books()
        var departures: [String: Instant] = [:]
        var dark: Set<ID<ExternalSystem>> = []
    }

    private let state = Mutex(State())
    private let scheduler: Scheduler
    private let trace: Trace
    private let dice: Dice
    private let manners: @Sendable () -> Manners

    /// - Parameter manners: as they are at the moment.
    init(scheduler: Scheduler, trace: Trace, dice: Dice, manners: @escaping @Sendable () -> Manners) {
        self.scheduler = scheduler
        self.trace = trace
        self.dice = dice
        self.manners = manners
    }

    package var books: Books { state.withLock { $0.books } }

    /// When a call under this reference left last.
    func lastDeparture(_ reference: String) -> Instant? { state.withLock { $0.departures[reference] } }

    func change(_ change: @Sendable (inout Books) -> Void) {
        state.withLock { change(&$0.books) }
    }

    func setDark(_ system: ID<ExternalSystem>, _ isDark: Bool) {
        state.withLock { state in
            if isDark { state.dark.insert(system) } else { state.dark.remove(system) }
        }
    }

    private func isDark(_ system: ID<ExternalSystem>) -> Bool { state.withLock { $0.dark.contains(system) } }

    // MARK: The network

    /// Sends an action; the answer comes when, and if, the network and the system let it.
    ///
    /// What left its process arrives whether that still lives or not.
    func send(_ action: Action, _ reference: String, to system: ID<ExternalSystem>) async -> Outcome {
        trace.say("\(reference) \(action.kind.rawValue) leaves for \(system)", at: scheduler.now)
        state.withLock { $0.departures[reference] = scheduler.now }
        let answer = Waiting<Outcome>()
        let manners = manners()
        if dice.chance(manners.loseRequest) {
            trace.count("lostRequest")
            // Some losses are noticed, others are only never answered.
            if dice.chance(0.5) { later(1...5) { answer.tell(.unknown("The connection broke.")) } }
        } else {
            later(0.001...0.8) { self.arrive(action, reference, at: system, manners, answer) }
        }
        return await answer.value(whenCancelled: .unknown("The call was cut off."))
    }

    private func arrive(
        _ action: Action, _ reference: String, at system: ID<ExternalSystem>, _ manners: Manners, _ answer: Waiting<Outcome>
    ) {
        trace.say("\(reference) arrives at \(system)", at: scheduler.now)
        guard !isDark(system) else {
            trace.count("darkArrival")
            return later(0.01...0.5) { answer.tell(.notDone(.unreachable("The connection was refused."))) }
        }
        switch way(by: manners) {
        case .well: apply(action, reference, at: system, then: answer, .done(document(reference)), in: 0.01...0.6)
        case .slowly: apply(action, reference, at: system, then: answer, .done(document(reference)), in: 5...90)
        case .notAtAll: later(0.01...0.6) { answer.tell(.unknown("The system answered 500.")) }
        case .butFails: apply(action, reference, at: system, then: answer, .unknown("The system answered 500."), in: 0.01...0.6)
        case .silently: apply(action, reference, at: system, then: nil, .unknown(""), in: 0...0)
        case .late:
            // Counted from when the call was made, which was up to 0.8 s before.
            later(1...(Company.settles.inSeconds - 1)) {
                self.apply(action, reference, at: system, then: nil, .unknown(""), in: 0...0)
            }
        case .throttled:
            let wait: Duration? = dice.chance(0.7) ? dice.seconds(1...20) : nil
            later(0.01...0.3) { answer.tell(.notDone(.rateLimited("Too many requests.", after: wait))) }
        case .refused: later(0.01...0.3) { answer.tell(.notDone(.refused("The supplier is closed."))) }
        case .referred: later(0.01...0.3) { answer.tell(.notDone(.unauthorized("The password has lapsed."))) }
        }
    }

    private enum Way: String {
        case well, slowly, notAtAll, butFails, silently, late, throttled, refused, referred
    }

    private func way(by manners: Manners) -> Way {
        let shares: [(Way, Double)] = [
            (.slowly, manners.slow), (.notAtAll, manners.fail), (.butFails, manners.applyAndFail),
            (.silently, manners.loseAnswer), (.late, manners.applyLate), (.throttled, manners.throttle),
            (.refused, manners.refuse), (.referred, manners.refer),
        ]
        var throwOfDice = dice.randomness.fraction()
        for (way, share) in shares {
            if throwOfDice < share {
                trace.count("system.\(way.rawValue)")
                return way
            }
            throwOfDice -= share
        }
        return .well
    }

    private func apply(
        _ action: Action, _ reference: String, at system: ID<ExternalSystem>, then answer: Waiting<Outcome>?,
        _ outcome: Outcome, in seconds: ClosedRange<Double>
    ) {
        let recognises = Company.systems.contains { $0.id == system && $0.repeatability == .nativeIdempotency }
        let now = scheduler.now
        let isDone = state.withLock { state in
            guard !recognises || !state.books.holds(reference, action) else { return false }
            state.books.apply(action, reference, at: now)
            return true
        }
        trace.say("\(reference) \(isDone ? "is done" : "is recognised") at \(system)", at: now)
        if let answer { later(seconds) { answer.tell(outcome) } }
    }

    /// Looks for what was done under a reference.
    func find(_ action: Action, _ reference: String, in system: ID<ExternalSystem>) async throws(Fault) -> Finding {
        let answer = Waiting<Finding?>()
        let isLost = dice.chance(manners().loseRequest)
        if isLost {
            later(1...5) { answer.tell(nil) }
        } else {
            later(0.001...0.8) {
                let holds = self.state.withLock { $0.books.holds(reference, action) }
                let finding: Finding? = self.isDark(system) ? nil : holds ? .found(self.document(reference)) : .absent
                self.trace.say(
                    "\(reference) is looked for in \(system): \(finding.map { "\($0)" } ?? "dark")", at: self.scheduler.now)
                self.later(0.001...0.8) { answer.tell(finding) }
            }
        }
        guard let finding = await answer.value(whenCancelled: nil) else { throw .unreachable("Nobody answered.") }
        return finding
    }

    private func later(_ seconds: ClosedRange<Double>, _ happening: @escaping @Sendable () -> Void) {
        scheduler.at(scheduler.now + dice.seconds(seconds), happening)
    }

    private func document(_ reference: String) -> ExternalDocument {
        ExternalDocument(kind: "document", number: "D-\(reference.suffix(6))", externalID: reference)
    }
}
