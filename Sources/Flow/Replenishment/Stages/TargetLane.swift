import CanonicalModel
import Logging
import Synchronization
import Vocabulary

/// What is on its way to one system: as many calls as it takes at once, and never one that waits for another system.
package struct TargetLane: Sendable {
    private let dispatcher: Dispatcher
    private let system: ConnectedSystems.Connected
    private let rest: Duration

    /// - Parameter rest: how long a lane that found nothing waits before it looks again without having been woken: for what
    ///   other processes have left, and for retries that have come due.
    package init(_ dispatcher: Dispatcher, to system: ConnectedSystems.Connected, rest: Duration = .milliseconds(100)) {
        self.dispatcher = dispatcher
        self.system = system
        self.rest = rest
    }

    /// Keeps the lane full until `isOver`; what is under way then is finished.
    package func keepFull(until isOver: @Sendable () -> Bool) async {
        let services = dispatcher.services
        let underWay = Calls()
        await withDiscardingTaskGroup { group in
            while !isOver() {
                let bound = services.distance.standsAside ? 0 : system.inFlight ?? services.settings.inFlight
                let free = bound - underWay.count
                let dispatches = free > 0 ? await claimed(atMost: free) : []
                for dispatch in dispatches {
                    underWay.begin()
                    group.addTask { [dispatcher] in
                        await dispatcher.carryOut(dispatch)
                        underWay.end()
                        services.bells.dispatch.ring()
                    }
                }
                if dispatches.isEmpty { await services.bells.dispatch.wait(atMost: rest, by: services.clock) }
            }
        }
    }

    private func claimed(atMost limit: Int) async -> [Dispatcher.Dispatch] {
        do {
            return try await dispatcher.claim(for: system, atMost: limit).dispatches
        } catch is CancellationError {
            return []
        } catch {
            dispatcher.logger.error("nothing could be claimed", metadata: ["system": "\(system.name)", "error": "\(error)"])
            try? await dispatcher.services.clock.pause(.seconds(1))
            return []
        }
    }
}

/// How many calls are under way.
private final class Calls: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }
    func begin() { number.withLock { $0 += 1 } }
    func end() { number.withLock { $0 -= 1 } }
}
