import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// Threads for long computations, as many as there are cores, beside those that answer requests and renew leases.
///
/// They are nice: while requests have something to do, they go first.
package final class ComputingThreads: TaskExecutor {
    package let count: Int
    private let inbox = JobInbox()

    /// Of this process, for as long as it lives.
    package static let shared = ComputingThreads(count: ProcessInfo.processInfo.activeProcessorCount)

    package init(count: Int) {
        self.count = max(1, count)
        for _ in 0..<self.count { Thread.detachNewThread { [self] in work() } }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        inbox.put(job)
    }

    /// Ends the threads when they have done what they were given.
    package func stop() {
        inbox.close(threads: count)
    }

    private func work() {
        #if canImport(Glibc)
            // On Linux a thread has a priority of its own.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
        #endif
        let executor = asUnownedTaskExecutor()
        inbox.work { $0.runSynchronously(on: executor) }
    }
}
