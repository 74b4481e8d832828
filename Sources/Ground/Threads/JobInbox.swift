import Dispatch
import Synchronization

/// The jobs that wait for the threads of an executor, first come, first served.
final class JobInbox: Sendable {
    private struct Contents {
        var jobs: [UnownedJob] = []
        var isClosed = false
    }

    private let contents = Mutex(Contents())
    private let bell = DispatchSemaphore(value: 0)

    func put(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        contents.withLock { $0.jobs.append(job) }
        bell.signal()
    }

    /// What is in it already is still done.
    ///
    /// - Parameter threads: how many wait for jobs, and are to end.
    func close(threads: Int) {
        contents.withLock { $0.isClosed = true }
        for _ in 0..<threads { bell.signal() }
    }

    /// Hands the jobs to `run` on this thread, one by one, until the inbox is closed and empty.
    func work(_ run: (UnownedJob) -> Void) {
        while true {
            bell.wait()
            let (job, isClosed) = contents.withLock { contents in
                (contents.jobs.isEmpty ? nil : contents.jobs.removeFirst(), contents.isClosed)
            }
            if let job {
                run(job)
            } else if isClosed {
                return
            }
        }
    }
}
