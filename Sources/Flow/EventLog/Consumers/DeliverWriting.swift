import Storage
import Synchronization
import Vocabulary

extension EventLog {
    /// Tells a consumer that writes to this database of every event that it has not been told of.
    ///
    /// The offset moves in the transaction in which the handler writes, so every event takes effect exactly
    /// once. A batch in which something fails is undone and halved until the failing event is alone; that one is
    /// put aside to be tried again with growing waits, the later events of its subject wait behind it, and
    /// everybody else's go on. What keeps failing, or fails for good, becomes a dead letter.
    ///
    /// - Throws: faults of the database itself. A handler's errors are never thrown.
    @discardableResult
    package func deliver(
        to consumer: Consumer, in database: any Database, clock: WallClock,
        writing handler: @escaping @Sendable ([Event], any Connection) throws -> Void
    ) async throws -> DeliveryReport {
        var report = DeliveryReport()
        try await database.write { connection in try register(consumer, on: connection, at: clock.now()) }
        for origin in [DeliveryOrigin.putAside, .log] {
            var limit = consumer.batch
            while true {
                try Task.checkCancellation()
                let step = try await writeBatch(
                    from: origin, to: consumer, limit: limit, in: database, at: clock.now(), handler: handler)
                report.take(step)
                switch step {
                case .done, .failed: limit = min(consumer.batch, limit * 2)
                case .tooMany: limit = max(1, limit / 2)
                case .nothing: break
                case .leasedElsewhere: return report
                }
                if case .nothing = step { break }
            }
        }
        report.nextDue = try await database.read { connection in try nextDue(for: consumer, on: connection) }
        return report
    }

    private func writeBatch(
        from origin: DeliveryOrigin, to consumer: Consumer, limit: Int, in database: any Database, at now: Instant,
        handler: @escaping @Sendable ([Event], any Connection) throws -> Void
    ) async throws -> DeliveryStep {
        // What the handler was given, should the transaction that gave it be undone.
        let given = Given()
        do {
            return try await database.write { connection in
                given.note(nil)
                guard let offset = try lock(consumer, on: connection, at: now) else { return .leasedElsewhere }
                let batch = try self.batch(from: origin, for: consumer, at: offset, limit: limit, on: connection, at: now)
                if batch.isEmpty, batch.upTo == offset.position { return .nothing(offset.position) }
                given.note(batch)
                if !batch.events.isEmpty { try handler(batch.events, connection) }
                given.note(nil)
                try settle(batch, for: consumer, on: connection, at: now)
                return .done(batch)
            }
        } catch {
            guard let batch = given.batch, !DeliveryFailure.isOurs(error) else { throw error }
            if batch.events.count + batch.heldBack.count > 1 { return .tooMany }
            guard let event = batch.events.first else { throw error }
            return try await database.write { connection in
                guard let offset = try lock(consumer, on: connection, at: now) else { return .leasedElsewhere }
                // Whoever else delivered it in the meantime has settled it.
                let again = try self.batch(from: origin, for: consumer, at: offset, limit: 1, on: connection, at: now)
                guard again.events == [event] else { return .tooMany }
                return .failed(try fail(event, of: again, for: consumer, because: error, on: connection, at: now), again.upTo)
            }
        }
    }
}

/// What one step of a delivery came to.
enum DeliveryStep: Sendable {
    case done(DeliveryBatch)
    /// Something in a batch of several failed.
    case tooMany
    /// The only event failed.
    case failed(DeliveryState, Int64)
    case nothing(Int64)
    case leasedElsewhere
}

extension DeliveryReport {
    mutating func take(_ step: DeliveryStep) {
        switch step {
        case .done(let batch):
            delivered += batch.events.count
            postponed += batch.heldBack.count
            position = batch.upTo
        case .failed(let state, let upTo):
            position = upTo
            if state == .dead { dead += 1 } else { postponed += 1 }
        case .nothing(let upTo): position = upTo
        case .leasedElsewhere: isLeasedElsewhere = true
        case .tooMany: break
        }
    }
}

private final class Given: Sendable {
    private let state = Mutex<DeliveryBatch?>(nil)

    var batch: DeliveryBatch? { state.withLock { $0 } }
    func note(_ batch: DeliveryBatch?) { state.withLock { $0 = batch } }
}
