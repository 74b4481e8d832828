import EventLog
import Storage
import Synchronization
import TestBackends
import Testing
import Vocabulary

/// A log with an event for each of `subjects`, told by `test.happened`.
struct Happened: Codable, Sendable, Hashable {
    var number: Int
}

extension NewEvent {
    static func happened(_ number: Int, to subject: String = "thing", type: String = "test.happened") throws -> NewEvent {
        try NewEvent(type: type, subject: subject, data: Happened(number: number), source: "/tests")
    }
}

extension EventLog {
    static let forTests = EventLog(randomness: .seeded(1))

    /// Appends one event per subject, numbered from 1.
    func fill(_ database: any Database, subjects: [String], at now: Instant = TestClock.start) async throws {
        try await database.write { connection in
            let events = try subjects.enumerated().map { try NewEvent.happened($0.offset + 1, to: $0.element) }
            try append(events, on: connection, at: now)
        }
    }
}

/// What a handler was told, across tasks.
final class Heard: Sendable {
    private let events = Mutex<[Event]>([])

    var positions: [Int64] { events.withLock { $0.map(\.position) } }
    var ids: [String] { events.withLock { $0.map(\.id) } }
    func add(_ more: [Event]) { events.withLock { $0 += more } }
    func forget() { events.withLock { $0 = [] } }
}

/// A handler's own trouble, which says nothing about whether it lasts.
struct Stumbled: Error {}

func expectFault(
    _ code: Fault.Code, sourceLocation: SourceLocation = #_sourceLocation, _ work: () async throws -> Void
) async {
    do {
        try await work()
        Issue.record("Nothing was thrown; expected \(code).", sourceLocation: sourceLocation)
    } catch let fault as Fault {
        #expect(fault.code == code, "\(fault)", sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(error) was thrown; expected \(code).", sourceLocation: sourceLocation)
    }
}

/// Something that a test switches while handlers look at it.
final class Flag: Sendable {
    private let state: Mutex<Bool>

    init(_ value: Bool) { state = Mutex(value) }

    var value: Bool {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
