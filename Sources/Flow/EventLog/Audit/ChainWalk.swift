import Vocabulary

/// One chain followed row by row, up to the first that is not what it should be.
struct ChainWalk: Sendable {
    let shard: Int
    /// All shards there are, to recognise a row that was made for another.
    let shards: [Int]
    /// By sequence; several may have been signed for the same one.
    private let signed: [Int64: Set<Digest>]
    private(set) var finding: AuditFinding?
    private(set) var rows: Int64 = 0
    /// The sequence of the last row that was sound.
    private(set) var reached: Int64 = 0
    /// What the sound rows vouch for and nobody has looked at yet.
    private(set) var seals: [(sequence: Int64, seal: EventSeal)] = []
    private var hash = chainStart

    init(shard: Int, shards: [Int], checkpoints: [AuditCheckpoint]) {
        self.shard = shard
        self.shards = shards
        signed = Dictionary(grouping: checkpoints, by: \.sequence).mapValues { Set($0.map(\.hash)) }
    }

    mutating func take(_ row: ChainRow) {
        let expected = reached + 1
        guard row.sequence == expected else {
            // A row before the first is one too many; a row after the next shows that the next one is gone.
            let isEarly = row.sequence < expected
            return find(isEarly ? row.sequence : expected, isEarly ? .stray : .missing)
        }
        switch row {
        case .unreadable(let sequence, let reason): find(sequence, .unreadable(reason))
        case .record(let record):
            guard record.hash == record.expectedHash else { return find(expected, trouble(with: record)) }
            guard record.previous == hash else { return find(expected, .brokenLink) }
            if let signed = signed[expected], signed != [record.hash] { return find(expected, .rewritten) }
            (reached, hash, rows) = (expected, record.hash, rows + 1)
            guard record.kind == EventSeal.kind else { return }
            do { seals.append((expected, try JSON.decode(from: record.body))) } catch {
                find(expected, .unreadable(error.message))
            }
        }
    }

    /// - Parameters:
    ///   - headSequence: what the chain's head row remembers; nil when it is gone.
    ///   - isPageFull: more rows may follow that were not read; the head is then not compared.
    mutating func end(headSequence: Int64?, headHash: Digest?, isPageFull: Bool) {
        guard finding == nil, !isPageFull else { return }
        if let cut = signed.keys.filter({ $0 > reached }).min() {
            // The first row that is gone is the one after the last; the checkpoint proves that it was there.
            return find(min(cut, reached + 1), .tailCut)
        }
        if let headSequence, headSequence > reached { return find(reached + 1, .tailCut) }
        let isHeadRight = headSequence.map { $0 == reached } ?? (reached == 0)
        let isHashRight = headHash.map { $0 == hash } ?? (reached == 0)
        if !isHeadRight || !isHashRight { find(reached, .headDiffers) }
    }

    mutating func forgetSeals() { seals = [] }

    private func trouble(with record: AuditRecord) -> AuditFinding.Trouble {
        let other = shards.first { shard in
            shard != record.shard
                && record.hash
                    == chainHash(
                        shard: shard, sequence: record.sequence, at: record.at, kind: record.kind, subject: record.subject,
                        actor: record.actor, body: record.body, previous: record.previous)
        }
        return other.map { .otherShard($0) } ?? .contentChanged
    }

    mutating func find(_ sequence: Int64, _ trouble: AuditFinding.Trouble) {
        finding = AuditFinding(shard: shard, sequence: sequence, trouble: trouble)
    }
}
