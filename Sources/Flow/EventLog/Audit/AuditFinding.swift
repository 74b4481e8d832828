import Vocabulary

/// What is wrong with a chain, and the first row at which it shows.
package struct AuditFinding: Hashable, Sendable, CustomStringConvertible {
    package let shard: Int
    /// The row's sequence.
    package let sequence: Int64
    package let trouble: Trouble

    package init(shard: Int, sequence: Int64, trouble: Trouble) {
        self.shard = shard
        self.sequence = sequence
        self.trouble = trouble
    }

    package enum Trouble: Hashable, Sendable {
        /// The row's fields do not give the hash that it carries.
        case contentChanged
        /// The row does not hold what its columns are for.
        case unreadable(String)
        /// There is no row of this sequence although later ones exist, or the head says that they did.
        case missing
        /// A row stands where none may be: before the first.
        case stray
        /// The row is sound in itself but follows another hash than its predecessor's.
        case brokenLink
        /// The row was made for another shard's chain.
        case otherShard(Int)
        /// A checkpoint, or the head, says that the chain went on to here.
        case tailCut
        /// The chain is sound in itself but has another hash here than was signed.
        case rewritten
        /// The checkpoint for this sequence was not signed with the key, or not as it reads now.
        case checkpointNotSigned
        /// An event that the row vouches for is not what it was, or is gone.
        case eventChanged(Int64)
        /// An event says that the row vouches for it, and it does not.
        case eventStray(Int64)
        /// A text that an event vouches for by its digest is not what it was, or is gone.
        case textChanged(String, event: Int64)
        /// The row that remembers the chain's end has another hash than the end.
        case headDiffers
    }

    package var description: String {
        let explanation =
            switch trouble {
            case .contentChanged: "its content was changed after it was written"
            case .unreadable(let reason): "a column cannot be read: \(reason)"
            case .missing: "it is missing"
            case .stray: "it stands where no entry belongs"
            case .brokenLink: "it does not follow the entry before it"
            case .otherShard(let shard): "it belongs to shard \(shard)"
            case .tailCut: "the chain once reached it and now ends before it"
            case .rewritten: "the chain up to here is not the one that was signed"
            case .checkpointNotSigned: "its checkpoint has no valid signature"
            case .eventChanged(let position): "event \(position), which it vouches for, is missing or was changed afterwards"
            case .eventStray(let position): "event \(position) was not there when events were sealed"
            case .textChanged(let text, let position):
                "\(text), whose digest event \(position) tells, is missing or was changed afterwards"
            case .headDiffers: "the head of the chain has another hash than the last entry"
            }
        return "audit_entry shard \(shard) sequence \(sequence): \(explanation)"
    }
}

/// The outcome of checking all chains of a database.
package struct AuditVerification: Hashable, Sendable {
    /// Checkpoints that cannot be believed, and for each damaged chain its first bad row.
    package let findings: [AuditFinding]
    /// How many rows were sound, over all shards.
    package let rows: Int64
    /// How many checkpoints the chains were held against.
    package let checkpoints: Int

    package init(findings: [AuditFinding], rows: Int64, checkpoints: Int) {
        self.findings = findings
        self.rows = rows
        self.checkpoints = checkpoints
    }

    package var isSound: Bool { findings.isEmpty }
}
