import Synchronization
import Testing
import Vocabulary

@testable import Replenishment

@Suite struct `The commit coalescer` {
    /// What was written, batch by batch; the first commit waits until it is let go.
    private final class Book: Sendable {
        let batches = Mutex<[[Int]]>([])
        let gate = Bell()

        func write(_ batch: [Int]) async throws -> [Int] {
            if batches.withLock({ $0.isEmpty }), batch == [0] {
                batches.withLock { $0.append(batch) }
                await gate.wait(
                    atMost: .seconds(30), by: WallClock(now: { Instant(microseconds: 0) }) { try await Task.sleep(for: $0) })
                return batch
            }
            if batch.contains(13) { throw Fault.invalid("number", found: "13", expected: "a lucky one") }
            batches.withLock { $0.append(batch) }
            return batch.map { $0 * 10 }
        }
    }

    @Test func `what comes while a commit is running shares the next one`() async throws {
        let (book, answers) = try await run(1..<9)
        #expect(answers == (1..<9).map { $0 * 10 })
        #expect(book == [[0], Array(1..<9)])
    }

    @Test func `Row 30: one that cannot be written leaves its neighbours alone`() async throws {
        let (book, answers) = try await run(10..<18)
        #expect(answers == [100, 110, 120, nil, 140, 150, 160, 170])
        #expect(book.flatMap(\.self).sorted() == [0, 10, 11, 12, 14, 15, 16, 17])
    }

    @Test func `more than the queue holds is refused, and told when to come again`() async throws {
        let coalescer = CommitCoalescer<Int, Int>("numbers", bound: 2, most: 10)
        let book = Book()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await coalescer.submit(0, write: book.write) }
            while book.batches.withLock({ $0.isEmpty }) { await Task.yield() }
            for number in 1...2 { group.addTask { _ = try await coalescer.submit(number, write: book.write) } }
            while coalescer.load < 2 { await Task.yield() }
            do {
                _ = try await coalescer.submit(3, write: book.write)
                Issue.record("the queue took more than it holds")
            } catch {
                let fault = try #require(error as? Fault)
                #expect(fault.code == .busy && fault.disposition == .retry(after: .seconds(1)))
            }
            book.gate.ring()
            try await group.waitForAll()
        }
        #expect(book.batches.withLock { $0 } == [[0], [1, 2]] || book.batches.withLock { $0 } == [[0], [2, 1]])
    }

    /// Submits numbers one after the other while the commit of 0 is running.
    private func run(_ numbers: Range<Int>) async throws -> (book: [[Int]], answers: [Int?]) {
        let coalescer = CommitCoalescer<Int, Int>("numbers", bound: 100, most: 100)
        let book = Book()
        return try await withThrowingTaskGroup(of: (Int, Int?).self) { group in
            group.addTask { (0, try await coalescer.submit(0, write: book.write)) }
            while book.batches.withLock({ $0.isEmpty }) { await Task.yield() }
            for (waiting, number) in numbers.enumerated() {
                group.addTask { (number, try? await coalescer.submit(number, write: book.write)) }
                while coalescer.load <= waiting { await Task.yield() }
            }
            book.gate.ring()
            var answers: [Int: Int?] = [:]
            for try await (number, answer) in group { answers[number] = answer }
            return (book.batches.withLock { $0 }, numbers.map { answers[$0] ?? nil })
        }
    }
}
