import Storage
import Vocabulary

extension EventLog {
    /// Tells a consumer outside this database of every event that it has not been told of, at least once each.
    ///
    /// The offset moves after the handler returns; when this program dies in between, the batch is handed over
    /// again, so the receiver goes by the event's `id`. One deliverer at a time holds a lease on the
    /// consumer; one whose lease ran out can move nothing any more. Failures go the way of
    /// `deliver(to:in:clock:writing:)`.
    ///
    /// - Parameter holder: the name of this program or task, for people who wonder who has the lease.
    /// - Throws: faults of the database; `events.consumerLeaseLost`; `CancellationError`.
    @discardableResult
    package func deliver(
        to consumer: Consumer, in database: any Database, clock: WallClock, as holder: String,
        sending handler: ([Event]) async throws -> Void
    ) async throws -> DeliveryReport {
        let offset = try await database.write { connection in
            try register(consumer, on: connection, at: clock.now())
            return try lease(consumer, to: holder, on: connection, at: clock.now())
        }
        guard let offset else { return DeliveryReport(isLeasedElsewhere: true) }
        let turn = DeliveryTurn(consumer: consumer, epoch: offset.epoch, database: database, clock: clock)
        do {
            let report = try await send(in: turn, handler: handler)
            try await database.write { connection in try release(consumer, epoch: offset.epoch, on: connection) }
            return report
        } catch {
            // The lease runs out by itself where this does not work.
            try? await database.write { connection in try release(consumer, epoch: offset.epoch, on: connection) }
            throw error
        }
    }

    private func send(in turn: DeliveryTurn, handler: ([Event]) async throws -> Void) async throws -> DeliveryReport {
        var report = DeliveryReport()
        for origin in [DeliveryOrigin.putAside, .log] {
            var limit = turn.consumer.batch
            while true {
                try Task.checkCancellation()
                let step = try await sendBatch(from: origin, limit: limit, in: turn, handler: handler)
                report.take(step)
                if case .nothing = step { break }
                if case .tooMany = step { limit = max(1, limit / 2) } else { limit = min(turn.consumer.batch, limit * 2) }
            }
        }
        report.nextDue = try await turn.database.read { connection in try nextDue(for: turn.consumer, on: connection) }
        return report
    }

    private func sendBatch(
        from origin: DeliveryOrigin, limit: Int, in turn: DeliveryTurn, handler: ([Event]) async throws -> Void
    ) async throws -> DeliveryStep {
        let (consumer, epoch) = (turn.consumer, turn.epoch)
        let (batch, before): (DeliveryBatch, Int64) = try await turn.database.write { connection in
            let now = turn.clock.now()
            let offset = try relock(consumer, epoch: epoch, on: connection, at: now)
            let batch = try self.batch(from: origin, for: consumer, at: offset, limit: limit, on: connection, at: now)
            return (batch, offset.position)
        }
        if batch.isEmpty, batch.upTo == before { return .nothing(before) }
        do {
            if !batch.events.isEmpty { try await handler(batch.events) }
        } catch {
            if DeliveryFailure.isOurs(error) { throw error }
            if batch.events.count + batch.heldBack.count > 1 { return .tooMany }
            guard let event = batch.events.first else { throw error }
            return try await turn.database.write { connection in
                let now = turn.clock.now()
                _ = try relock(consumer, epoch: epoch, on: connection, at: now)
                return .failed(try fail(event, of: batch, for: consumer, because: error, on: connection, at: now), batch.upTo)
            }
        }
        return try await turn.database.write { connection in
            let now = turn.clock.now()
            _ = try relock(consumer, epoch: epoch, on: connection, at: now)
            try settle(batch, for: consumer, on: connection, at: now)
            return .done(batch)
        }
    }
}

/// The right to deliver to one consumer, and with what.
private struct DeliveryTurn: Sendable {
    let consumer: Consumer
    let epoch: Int64
    let database: any Database
    let clock: WallClock
}
