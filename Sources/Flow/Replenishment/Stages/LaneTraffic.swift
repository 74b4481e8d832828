import ConnectorKit
import Synchronization
import Vocabulary

/// What one lane has claimed and not finished: calls under way, and a few that were claimed ahead of them.
///
/// A claim costs about the same for one action as for many. So a lane whose system answers quickly claims what it will call
/// within a quarter of a second; for a slow one nothing waits in this process that another one could send.
final class LaneTraffic: Sendable {
    private struct State {
        var count = 0
        /// Counts how often what was claimed ahead was turned back.
        var turns = 0
        /// Of the last calls, in seconds; nil before the first.
        var average: Double?
    }

    private static let ahead = 0.25
    private let places: Int
    private let turnstile: Turnstile
    private let state = Mutex(State())

    /// - Parameter places: calls under way at once.
    init(places: Int) {
        self.places = places
        turnstile = Turnstile(places: places)
    }

    /// How many more to claim: none while half of what may be claimed ahead still waits.
    func room(atMost batch: Int) -> Int {
        state.withLock { state in
            let seconds = state.average.map { max($0, 0.000_1) } ?? .infinity
            let ahead = Int(min(Double(batch), Double(places) * Self.ahead / seconds))
            let room = places + ahead - state.count
            return state.count < places || 2 * room >= ahead ? max(0, room) : 0
        }
    }

    func admit(_ dispatches: [Dispatcher.Dispatch]) -> [Turn] {
        state.withLock { state in
            state.count += dispatches.count
            return dispatches.map { Turn(dispatch: $0, traffic: self, number: state.turns) }
        }
    }

    func end() { state.withLock { $0.count -= 1 } }

    /// What was claimed and not called yet is given back.
    func turnBack() { state.withLock { $0.turns += 1 } }

    /// One action's place in the lane.
    struct Turn: Sendable {
        let dispatch: Dispatcher.Dispatch
        fileprivate let traffic: LaneTraffic
        fileprivate let number: Int

        /// Makes the call when there is a place for it.
        ///
        /// - Returns: nil when it is not to be made any more: the system has failed since it was claimed, or the lane has ended.
        func call(by clock: WallClock, _ work: () async -> Outcome?) async -> Outcome? {
            guard await traffic.turnstile.enter() else { return nil }
            defer { traffic.turnstile.leave() }
            guard traffic.state.withLock({ $0.turns }) == number else { return nil }
            let began = clock.now()
            guard let outcome = await work() else { return nil }
            traffic.note(outcome, lasting: clock.now() - began)
            return outcome
        }
    }

    /// Takes account of how a call ended: a system that fails is sent nothing more of what was claimed before.
    func note(_ outcome: Outcome, lasting time: Duration) {
        state.withLock { state in
            state.average = state.average.map { 0.8 * $0 + 0.2 * time.inSeconds } ?? time.inSeconds
            if case .answers = outcome.sign { return }
            state.turns += 1
        }
    }
}
