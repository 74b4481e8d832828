import Storage
import Synchronization
import TestBackends
import Testing
import Vocabulary

@testable import Replenishment

@Suite struct `The distance of a replica from the database` {
    private let far = Duration.milliseconds(300)
    private let near = Duration.milliseconds(1)

    @Test func `Row 15: three long round trips in a row beside a nearer one make it stand aside, and three short ones end that`()
    {
        let distance = Distance()
        #expect([far, far].map { distance.note($0, nearest: near) } == [false, false])
        #expect(distance.note(near, nearest: near) == false)
        #expect([far, far, far].map { distance.note($0, nearest: near) } == [false, false, true])
        #expect(distance.standsAside && distance.roundTrip == far)
        #expect([near, far, near, near].map { distance.note($0, nearest: near) } == [false, false, false, false])
        #expect(distance.note(near, nearest: near) && !distance.standsAside)
    }

    @Test func `Row 15: where all are far, or none is really far, nobody stands aside`() {
        let distance = Distance()
        for _ in 0..<5 { distance.note(far, nearest: far / 2) }
        #expect(!distance.standsAside)
        for _ in 0..<5 { distance.note(.milliseconds(20), nearest: .microseconds(100)) }
        #expect(!distance.standsAside)
    }

    @Test(arguments: Backend.available)
    func `Row 15: it is compared with those that live, so the last one always works`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: FlowWorld.migrations, inMemory: true) { database in
            let other = try await ReplicaLease.acquire("near", in: database)
            let lease = try await ReplicaLease.acquire("far", in: database)
            // Each look at this clock is a third of a second after the last.
            let time = Mutex(Duration.zero)
            let elapsed: @Sendable () -> Duration = {
                time.withLock { time in
                    time += .milliseconds(333)
                    return time
                }
            }
            let distance = Distance()
            #expect(try await other.renew(at: near) == (backend == .postgres))
            for _ in 0..<3 { _ = try await distance.look(from: lease, in: database, elapsed: elapsed) }
            // On an embedded database there is no other: its lease ended when this one began.
            #expect(distance.standsAside == (backend == .postgres))
            #expect(distance.roundTrip == .milliseconds(333))
            try await other.release()
            _ = try await distance.look(from: lease, in: database, elapsed: elapsed)
            #expect(!distance.standsAside)
        }
    }
}
