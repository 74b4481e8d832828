import Logging
import Replenishment
import Storage
import Vocabulary

extension FlowLoops {
    /// Looks how far it is to the database, until it is cancelled, and says so when that changes what this process does.
    func look(from lease: ReplicaLease) async throws {
        let services = plimsoll.services
        let distance = services.distance
        while true {
            try await services.clock.pause(Distance.pauseBetweenLooks)
            do {
                guard try await distance.look(from: lease, in: services.database, elapsed: uptime) else { continue }
                let roundTrip: Logger.Metadata = ["roundTrip": "\(distance.roundTrip ?? .zero)"]
                if distance.standsAside {
                    plimsoll.logger.warning("too far from the database beside others: standing aside", metadata: roundTrip)
                } else {
                    plimsoll.logger.notice("taking part again", metadata: roundTrip)
                }
            } catch let fault as Fault where fault.isPassing {
                continue
            }
        }
    }
}
