import CanonicalModel
import ConnectorKit
import Governance
import Storage
import Vocabulary

/// One recommendation and all that has become of it so far.
package struct ReplenishmentRow: Sendable, Hashable {
    package let id: ID<Recommendation>
    package private(set) var state: ReplenishmentState
    package let orderKey: String
    /// Grows by one with each recommendation of the same order key.
    package let version: Int64
    private let wish: Remembered<Recommendation>
    package let digest: Digest
    package let reference: Reference
    package private(set) var decision: ID<Decision>?
    private var conclusion: Remembered<Decision>?
    package let system: ID<ExternalSystem>?
    package private(set) var attempts: Int
    package let failures: Int
    package let replays: Int
    package private(set) var epoch: Int64?
    package private(set) var nextAt: Instant?
    /// When its approval is due; nil when nobody was ever asked.
    package let dueAt: Instant?
    package let expiresAt: Instant?
    package let fault: String?
    package let reason: String?
    package let document: ExternalDocument?
    package let acceptedAt: Instant
    package let updatedAt: Instant
    /// Its approval was overdue, so the role that it is escalated to may approve as well.
    package let isEscalated: Bool
    /// Nobody had approved it when that was due.
    package let isOverdue: Bool
    /// It rests on a fallback forecast, and is decided again when the real one lands.
    package let isProvisional: Bool
    /// The W3C `traceparent` of the request that brought it.
    package let trace: String?

    static let columns: SQL =
        """
        id, state, replenishment.order_key, replenishment.version, body, digest, reference, decision, \
        (SELECT decision.body FROM decision WHERE decision.id = replenishment.decision), system, attempts, failures, replays, \
        epoch, next_at, expires_at, fault, reason, document_kind, document_number, document_id, replenishment.accepted_at, \
        updated_at, escalated, due_at, overdue, provisional, trace
        """
    /// What the columns are read from: where a recommendation stands, and what it says.
    static let tables: SQL = "replenishment JOIN recommendation USING (id)"

    /// One that comes in now.
    init(_ new: PreparedRecommendation, version: Int64, reference: Reference, at now: Instant) {
        id = new.recommendation.id
        state = .received
        orderKey = new.recommendation.orderKey
        self.version = version
        wish = new.remembered
        digest = new.digest
        self.reference = reference
        (decision, conclusion, system) = (nil, nil, nil)
        (attempts, failures, replays) = (0, 0, 0)
        (epoch, nextAt, dueAt, expiresAt, fault, reason, document) = (nil, nil, nil, nil, nil, nil, nil)
        (acceptedAt, updatedAt) = (now, now)
        (isEscalated, isOverdue, isProvisional) = (false, false, false)
        trace = new.trace
    }

    init(_ row: Row, recalling recollection: Recollection) throws {
        id = try row[0]
        state = try row[1]
        orderKey = try row[2]
        version = try row[3]
        digest = try row[5]
        wish = try recollection.recommendation(digest) { try row[4] }
        reference = try row[6]
        decision = try row[7]
        conclusion = try decision.flatMap { id in try recollection.decision(id) { try row[8] } }
        system = try row[9]
        attempts = try row[10]
        failures = try row[11]
        replays = try row[12]
        epoch = try row[13]
        nextAt = try row[14]
        expiresAt = try row[15]
        fault = try row[16]
        reason = try row[17]
        if let kind: String = try row[18], let number: String = try row[19], let externalID: String = try row[20] {
            document = ExternalDocument(kind: kind, number: number, externalID: externalID)
        } else {
            document = nil
        }
        acceptedAt = try row[21]
        updatedAt = try row[22]
        isEscalated = try row[23]
        dueAt = try row[24]
        isOverdue = try row[25]
        isProvisional = try row[26]
        trace = try row[27]
    }
}

extension ReplenishmentRow {
    package var recommendation: Recommendation { wish.value }

    /// The decision of that id; nil before the first.
    package var decided: Decision? { conclusion?.value }

    /// What the decision says is to be done.
    package var action: Action? { conclusion?.value.action }

    /// Whether a person has to say what its last attempt did.
    var waitsForSettlement: Bool { Fault.Code.toBeSettled.contains { $0.name == fault } }

    /// The row as it is once a decision was written onto it.
    func decided(by decision: Remembered<Decision>) -> ReplenishmentRow {
        var row = self
        row.decision = decision.value.id
        row.conclusion = decision
        return row
    }

    /// The row as it is once an attempt was claimed under the lease of `epoch`.
    func claimed(under epoch: Int64) -> ReplenishmentRow {
        var row = self
        row.state = .inflight
        row.attempts += 1
        row.epoch = epoch
        row.nextAt = nil
        return row
    }

    /// The row as it is once its outcome is being read back under the lease of `epoch`.
    func probed(under epoch: Int64, until instant: Instant) -> ReplenishmentRow {
        var row = self
        row.epoch = epoch
        row.nextAt = instant
        return row
    }
}

extension Recommendation {
    /// What must happen in order: two changes of the same policy, two replenishments of the same shelf.
    var orderKey: String {
        switch proposal {
        case .policy: ID<Recommendation>.joining("policy", item.rawValue, location.rawValue).rawValue
        case .replenishment: ID<Recommendation>.joining("supply", item.rawValue, location.rawValue).rawValue
        }
    }
}
