import Dispatch
import Foundation
import Synchronization

/// A thread on which calls to libnats may block: waiting for a broker there holds up nobody else.
final class BrokerThread: SerialExecutor {
    private struct Inbox {
        var jobs: [UnownedJob] = []
        var isStopped = false
    }

    private let inbox = Mutex(Inbox())
    private let bell = DispatchSemaphore(value: 0)

    init() {
        Thread.detachNewThread { [self] in work() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        inbox.withLock { $0.jobs.append(job) }
        bell.signal()
    }

    /// Ends the thread when it has done what it was given.
    func stop() {
        inbox.withLock { $0.isStopped = true }
        bell.signal()
    }

    private func work() {
        let executor = asUnownedSerialExecutor()
        while true {
            bell.wait()
            let (job, isStopped) = inbox.withLock { inbox in
                (inbox.jobs.isEmpty ? nil : inbox.jobs.removeFirst(), inbox.isStopped)
            }
            if let job {
                job.runSynchronously(on: executor)
            } else if isStopped {
                return
            }
        }
    }
}
