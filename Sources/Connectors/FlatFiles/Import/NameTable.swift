import Glibc
import Vocabulary

/// The identifiers of a file, each made and checked once however many rows name it.
///
/// Bounded: when it is full it begins anew, which costs time and no correctness.
struct NameTable<Subject> {
    private var slots: [Int32]
    private var ids: [ID<Subject>] = []
    private var arena: [UInt8] = []
    private var ends: [Int] = [0]
    private let limit: Int
    private let make: (String) -> ID<Subject>
    private var last = -1
    /// How many identifiers were forgotten: an index never comes again for another one.
    private var forgotten = 0

    /// - Parameter make: turns the file's name into ours.
    init(limit: Int = 1 << 20, make: @escaping (String) -> ID<Subject>) {
        self.limit = limit
        self.make = make
        slots = Array(repeating: -1, count: 1024)
    }

    /// The identifier of an index that has just been given.
    subscript(index: Int) -> ID<Subject> { ids[index - forgotten] }

    /// - Returns: nil when the bytes are no identifier.
    @inline(__always)
    mutating func index(of bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        // Files are mostly sorted.
        if last >= 0, isEqual(last, bytes) { return last + forgotten }
        return lookUp(bytes)
    }

    private mutating func lookUp(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var slot = NameTable.hash(bytes) & (slots.count - 1)
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            if isEqual(index, bytes) {
                last = index
                return last + forgotten
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        guard let text = String(validating: bytes, as: UTF8.self), identifierComplaint(about: text) == nil else { return nil }
        if ids.count >= limit { removeAll() }
        ids.append(make(text))
        arena.append(contentsOf: bytes)
        ends.append(arena.count)
        last = ids.count - 1
        if ids.count * 2 > slots.count { grow() } else { insert(last) }
        return last + forgotten
    }

    @inline(__always)
    private func isEqual(_ index: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = ends[index]
        guard ends[index + 1] - start == bytes.count, let other = bytes.baseAddress else { return false }
        return arena.withUnsafeBufferPointer { arena in
            arena.baseAddress.map { memcmp($0 + start, other, bytes.count) == 0 } ?? false
        }
    }

    private mutating func insert(_ index: Int) {
        let start = ends[index]
        let hash = arena.withUnsafeBufferPointer { NameTable.hash(UnsafeBufferPointer(rebasing: $0[start..<ends[index + 1]])) }
        var slot = hash & (slots.count - 1)
        while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(index)
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        for index in ids.indices { insert(index) }
    }

    private mutating func removeAll() {
        forgotten += ids.count
        slots = Array(repeating: -1, count: 1024)
        ids.removeAll()
        arena.removeAll()
        ends = [0]
        last = -1
    }

    /// FNV-1a; its last step mixes the high bits down, because the table is indexed by the low ones.
    @inline(__always)
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return Int(truncatingIfNeeded: (hash ^ hash >> 29) & 0x7fff_ffff_ffff_ffff)
    }
}
