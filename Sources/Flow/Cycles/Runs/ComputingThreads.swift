import Dispatch
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Threads for long computations, as many as there are cores, beside those that answer requests and renew leases.
///
/// They are nice: while requests have something to do, they go first.
package final class ComputingThreads: TaskExecutor {
    private struct Inbox {
        var jobs: [UnownedJob] = []
        var isStopped = false
    }

    package let count: Int
    private let inbox = Mutex(Inbox())
    private let bell = DispatchSemaphore(value: 0)

    /// Of this process, for as long as it lives.
    package static let shared = ComputingThreads(count: ProcessInfo.processInfo.activeProcessorCount)

    package init(count: Int) {
        self.count = max(1, count)
        for _ in 0..<self.count { Thread.detachNewThread { [self] in work() } }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        inbox.withLock { $0.jobs.append(job) }
        bell.signal()
    }

    /// Ends the threads when they have done what they were given.
    package func stop() {
        inbox.withLock { $0.isStopped = true }
        for _ in 0..<count { bell.signal() }
    }

    private func work() {
        #if canImport(Glibc)
            // On Linux a thread has a priority of its own.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
        #endif
        let executor = asUnownedTaskExecutor()
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
