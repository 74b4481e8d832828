import Synchronization
import Vocabulary

/// How much this process is busy with, and how much more it takes: what is beyond is turned away before it takes up memory.
package final class Admission: Sendable {
    /// What there can be too much of.
    package enum Queue: String, Sendable, CaseIterable {
        /// Requests that are being answered.
        case requests
        /// Bytes of bodies that are being held in memory.
        case bodies
        /// Connections that are open.
        case connections
    }

    private let bounds: [Queue: Int]
    private let loads = Mutex<[Queue: Int]>([:])
    private let metrics: @Sendable (Queue) -> Void

    /// - Parameter shed: told of everything that is turned away.
    init(_ limits: GatewayLimits, shed: @escaping @Sendable (Queue) -> Void) {
        bounds = [
            .requests: limits.requestsInFlight, .bodies: limits.bodiesInFlight, .connections: limits.connections,
        ]
        metrics = shed
    }

    package func load(_ queue: Queue) -> Int { loads.withLock { $0[queue] ?? 0 } }

    package func bound(_ queue: Queue) -> Int { bounds[queue] ?? 0 }

    /// - Returns: whether there was room; who was let in leaves.
    package func enter(_ queue: Queue, _ weight: Int = 1) -> Bool {
        let bound = bound(queue)
        let isIn = loads.withLock { loads in
            let load = loads[queue] ?? 0
            // One that is too large for the bound alone gets in when nobody else is there.
            guard load == 0 || load + weight <= bound else { return false }
            loads[queue] = load + weight
            return true
        }
        if !isIn { metrics(queue) }
        return isIn
    }

    package func leave(_ queue: Queue, _ weight: Int = 1) {
        loads.withLock { $0[queue, default: 0] -= weight }
    }
}

extension Fault {
    static func overloaded(_ admission: Admission, _ queue: Admission.Queue) -> Fault {
        Fault(
            .overloaded, .retry(after: .seconds(1)),
            "This replica has too much to do (\(admission.load(queue)) of \(admission.bound(queue)) \(queue.rawValue)): "
                + "try again in a second.")
    }
}
