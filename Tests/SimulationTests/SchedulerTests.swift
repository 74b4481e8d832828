import Simulation
import Synchronization
import Testing
import Vocabulary

@Suite struct `The scheduler of a world` {
    private func run(_ seed: UInt64 = 1, _ body: @escaping @Sendable (Scheduler) async -> Void) throws -> Scheduler {
        let scheduler = Scheduler(from: .epoch, dice: Dice(seed), stepLimit: 10_000)
        try scheduler.run(in: Strand(0, of: scheduler)) { await body(scheduler) }
        return scheduler
    }

    private final class Order: Sendable {
        let numbers = Mutex<[Int]>([])
    }

    /// The order in which ten tasks that wait for nothing but their turn come to an end.
    private func order(_ seed: UInt64) throws -> [Int] {
        let ended = Order()
        _ = try run(seed) { _ in
            await withDiscardingTaskGroup { group in
                for number in 0..<10 {
                    group.addTask {
                        for _ in 0..<5 { await Task.yield() }
                        ended.numbers.withLock { $0.append(number) }
                    }
                }
            }
        }
        return ended.numbers.withLock { $0 }
    }

    @Test func `a seed has an order of its own, and always the same`() throws {
        #expect(try order(1) == order(1))
        #expect(try order(1) != order(2))
        #expect(try order(1).sorted() == Array(0..<10))
    }

    @Test func `a pause of a day takes no time but the world's`() throws {
        #expect(try run { try? await $0.pause(.days(1)) }.now == Instant.epoch + .days(1))
    }

    @Test func `a wait for the real clock is noticed`() {
        #expect(throws: SimulationFault.self) { try run { _ in try? await Task.sleep(for: .milliseconds(100)) } }
    }

    @Test func `what never ends is noticed`() {
        #expect(throws: SimulationFault.self) { try run { _ in while !Task.isCancelled { await Task.yield() } } }
    }
}
