import Foundation

/// A thread of its own for an actor whose calls to a C library block: the shared pool of a small machine has two
/// threads, and one that waits there for a disk or for a network would hold up everything else.
package final class BlockingThread: SerialExecutor {
    private let inbox = JobInbox()

    package init() {
        Thread.detachNewThread { [self] in
            let executor = asUnownedSerialExecutor()
            inbox.work { $0.runSynchronously(on: executor) }
        }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        inbox.put(job)
    }

    /// Ends the thread when it has done what it was given.
    package func stop() {
        inbox.close(threads: 1)
    }
}
