import CanonicalModel
import Governance
import Synchronization
import Vocabulary

/// What this process has read or made lately, so that the same text is not taken apart at every step of its way.
///
/// Recommendations and decisions never change once they are stored, so what is here is what the database has.
final class Recollection: Sendable {
    private let recommendations = Mutex(Generations<Digest, Remembered<Recommendation>>())
    private let decisions = Mutex(Generations<ID<Decision>, Remembered<Decision>>())

    func note(_ found: some Sequence<(Digest, Remembered<Recommendation>)>) {
        recommendations.withLock { known in for (digest, one) in found { known.note(one, under: digest) } }
    }

    func note(_ found: some Sequence<Remembered<Decision>>) {
        decisions.withLock { known in for one in found { known.note(one, under: one.value.id) } }
    }

    /// - Parameter text: what is stored under the digest.
    func recommendation(_ digest: Digest, _ text: () throws -> String) throws -> Remembered<Recommendation> {
        if let known = recommendations.withLock({ $0[digest] }) { return known }
        return Remembered(try JSON.decode(from: try text()))
    }

    func decision(_ id: ID<Decision>, _ text: () throws -> String?) throws -> Remembered<Decision>? {
        if let known = decisions.withLock({ $0[id] }) { return known }
        return try text().map { text in Remembered(try JSON.decode(from: text)) }
    }
}

/// A value of many fields that goes from hand to hand without being copied field by field.
final class Remembered<Value: Hashable & Sendable>: Hashable, Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }

    static func == (left: Remembered, right: Remembered) -> Bool { left === right || left.value == right.value }
    func hash(into hasher: inout Hasher) { value.hash(into: &hasher) }
}

/// The values noted last: when there are enough of them, those noted before are forgotten at once.
private struct Generations<Key: Hashable, Value> {
    private static var size: Int { 8192 }
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]

    mutating func note(_ value: Value, under key: Key) {
        if young.count >= Self.size {
            old = young
            young = [:]
        }
        young[key] = value
    }

    subscript(key: Key) -> Value? { young[key] ?? old[key] }
}
