import Logging
import Replenishment
import ServiceLifecycle
import Storage
import Vocabulary

extension FlowLoops {
    /// Takes a lease, as soon as the database gives one.
    ///
    /// - Returns: nil when the process was told to stop before.
    func acquired() async throws -> ReplicaLease? {
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            do {
                return try await ReplicaLease.acquire(plimsoll.configuration.replica, in: plimsoll.services.database)
            } catch let fault as Fault where fault.isPassing {
                plimsoll.logger.error("no lease could be taken and it will be tried again", metadata: ["error": "\(fault)"])
                try? await cancelWhenGracefulShutdown { try await plimsoll.services.clock.pause(.seconds(1)) }
            }
        }
        return nil
    }

    /// Renews the lease until it is cancelled, also while the process finishes what is under way.
    ///
    /// A database that does not answer gives no work either; and a lease that has run out is begun anew, while what was under
    /// way goes on under the old epoch, by which it can change only what nobody has taken over.
    func keep(_ lease: ReplicaLease) async throws {
        let (clock, logger) = (plimsoll.services.clock, plimsoll.logger)
        while true {
            try await clock.pause(ReplicaLease.heartbeat)
            do {
                if try await !lease.renew(at: plimsoll.services.distance.roundTrip) {
                    logger.critical("the lease had run out", metadata: ["epoch": "\(lease.epoch)"])
                    try await lease.beginAnew()
                    logger.notice("flow goes on", metadata: ["epoch": "\(lease.epoch)"])
                }
                try await plimsoll.agreedClock?.set(by: plimsoll.services.database)
            } catch let fault as Fault where fault.isPassing {
                logger.error("the lease could not be renewed and it will be tried again", metadata: ["error": "\(fault)"])
            }
        }
    }
}
