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

    /// Keeps the lane full until `isOver`; what is under way then is finished, and what was claimed ahead is given back.
    package func keepFull(until isOver: @Sendable () -> Bool) async {
        let services = dispatcher.services
        let traffic = LaneTraffic(places: system.inFlight ?? services.settings.inFlight)
        await withDiscardingTaskGroup { group in
            while !isOver() {
                let room = services.distance.standsAside ? 0 : traffic.room(atMost: services.settings.batch)
                let dispatches = room > 0 ? await claimed(atMost: room) : []
                for turn in traffic.admit(dispatches) {
                    group.addTask { [dispatcher] in
                        await dispatcher.carryOut(turn.dispatch, in: turn)
                        traffic.end()
                        services.bells.dispatch.ring()
                    }
                }
                if dispatches.isEmpty { await services.bells.dispatch.wait(atMost: rest, by: services.clock) }
            }
            traffic.turnBack()
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
