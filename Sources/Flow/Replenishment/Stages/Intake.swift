import CanonicalModel
import EventLog
import Governance
import Storage
import Vocabulary

/// What a sender is told about one recommendation it handed in.
package struct Receipt: Codable, Sendable, Hashable {
    package enum Kind: String, Codable, Sendable {
        /// Stored; it will be decided.
        case accepted
        /// The same content was accepted before under this id; nothing was added.
        case duplicate
        /// Not stored.
        case refused
    }

    package let id: String
    package let kind: Kind
    package let acceptedAt: Instant?
    /// The digest of the content as it was stored.
    package let digest: Digest?
    package let violations: [Violation]
    /// Why it was refused, as a fault's name.
    package let fault: String?
}

/// Takes recommendations in: what is acknowledged is durable, and the same one twice is one.
package struct Intake: Sendable {
    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    /// Accepts a batch in one transaction; one that is refused leaves its neighbours alone.
    ///
    /// Batches that come while a commit is running share the next one.
    ///
    /// - Returns: a receipt for each, in order.
    /// - Throws: `replenishment.busy` when too many already wait.
    package func accept(_ recommendations: [Recommendation], by actor: String) async throws -> [Receipt] {
        let batch = Batch(actor: actor, rows: recommendations.map(PreparedRecommendation.init))
        let receipts = try await services.queues.acceptances.submit(batch, weight: max(1, recommendations.count)) { batches in
            do {
                return try await write(batches, deciding: services.settings.decidesOnArrival)
            } catch  where (error as? Fault)?.isPassing != true && !(error is CancellationError) {
                // What cannot be decided is accepted all the same; the decision stage finds out which it is.
                return try await write(batches, deciding: false)
            }
        }
        services.failpoints.reach(.afterAccept)
        return receipts
    }

    private func write(_ batches: [Batch], deciding: Bool) async throws -> [[Receipt]] {
        let (answers, stages) = try await services.write { ledger in
            // What came before is decided before.
            let isNext = try deciding && ledger.isNothingToDecide()
            let acceptance = try Acceptance(batches.flatMap(\.rows), ledger)
            let answers = try batches.map { batch in try batch.rows.map { try acceptance.take($0, by: batch.actor) } }
            return (answers, try acceptance.finish(deciding: isNext))
        }
        for stage in FlowBells.Stage.allCases where stages.contains(stage) { services.bells.announce(stage) }
        return answers
    }

    /// The same as the last part of the caller's transaction: the flow waits from here until it ends.
    package func accept(
        _ prepared: [PreparedRecommendation], by actor: String, on connection: any Connection, at now: Instant
    ) throws -> [Receipt] {
        guard !prepared.isEmpty else { return [] }
        let ledger = Ledger(connection: connection, now: now, services: services)
        try ledger.enter()
        let acceptance = try Acceptance(prepared, ledger)
        let receipts = try prepared.map { one in try acceptance.take(one, by: actor) }
        try acceptance.finish()
        try ledger.end()
        return receipts
    }

    /// What one sender handed in at once.
    struct Batch: Sendable {
        let actor: String
        let rows: [PreparedRecommendation]
    }
}

extension Ledger {
    fileprivate func isNothingToDecide() throws -> Bool {
        try connection.value(
            "SELECT id FROM replenishment WHERE state = 'received' AND \(isWaiting) LIMIT 1", as: ID<Recommendation>.self) == nil
    }
}
