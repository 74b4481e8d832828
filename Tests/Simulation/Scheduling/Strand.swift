import Synchronization

/// The steps of one simulated process; they can be held back, as SIGSTOP does.
package final class Strand: TaskExecutor {
    let number: UInt64
    private let scheduler: Scheduler
    private let held = Mutex(false)

    package init(_ number: UInt64, of scheduler: Scheduler) {
        self.number = number
        self.scheduler = scheduler
    }

    package var isHeld: Bool {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        scheduler.add(UnownedJob(job), in: self)
    }
}
