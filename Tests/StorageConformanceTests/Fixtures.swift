import Dispatch
import Storage
import Testing
import Vocabulary

extension Migration {
    static let counters = Migration("test-001-counter") {
        "CREATE TABLE counter (name \(.key) PRIMARY KEY, value BIGINT NOT NULL CHECK (value >= 0))"
    }

    static let jobs = Migration("test-002-job") {
        "CREATE TABLE job (id BIGINT PRIMARY KEY, state \(.key) NOT NULL)"
    }

    /// A column of every type that we use.
    static let samples = Migration("test-003-sample") {
        """
        CREATE TABLE sample (
            id BIGINT PRIMARY KEY, whole BIGINT, small SMALLINT, number DOUBLE PRECISION, words TEXT, code \(.key))
        """
    }
}

/// Expects a fault with this code and hands it back for a closer look.
@discardableResult
func expectFault<Value>(
    _ code: Fault.Code, sourceLocation: SourceLocation = #_sourceLocation, _ work: () async throws -> Value
) async -> Fault? {
    do {
        _ = try await work()
        Issue.record("Nothing was thrown; expected \(code).", sourceLocation: sourceLocation)
    } catch let fault as Fault {
        #expect(fault.code == code, "\(fault)", sourceLocation: sourceLocation)
        return fault
    } catch {
        Issue.record("\(error) was thrown; expected \(code).", sourceLocation: sourceLocation)
    }
    return nil
}

/// Lets a transaction, whose closure cannot await, stop until the test goes on.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func open() { semaphore.signal() }

    /// Blocks the calling thread, which must be one of a database's own; ten seconds at most.
    func wait() { _ = semaphore.wait(timeout: .now() + 10) }

    /// Waits for the gate without blocking anybody.
    func passed() async {
        while semaphore.wait(timeout: .now()) == .timedOut { try? await Task.sleep(for: .milliseconds(2)) }
    }
}

extension Database {
    /// The one number that a query answers.
    func number(_ sql: SQL) async throws -> Int? {
        try await read { connection in try connection.value(sql) }
    }
}
