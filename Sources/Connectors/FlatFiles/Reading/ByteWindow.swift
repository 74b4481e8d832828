/// The part of a stream of bytes that is being looked at: it slides forward and grows only to its limit.
///
/// The buffer is owned here and freed with the window, so that the readers can scan it without the checks
/// and copies of an array.
struct ByteWindow: ~Copyable {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// Where the bytes that nobody has finished with begin, and where those that have come end.
    private(set) var start = 0
    private(set) var end = 0
    /// The position of `start` in the whole stream.
    private(set) var offset: Int
    private(set) var isFinished = false

    init(capacity: Int, offset: Int = 0) {
        self.capacity = capacity
        self.offset = offset
        base = .allocate(capacity: capacity)
    }

    deinit {
        base.deallocate()
    }

    var count: Int { end - start }

    /// Everything before `position` is done with.
    mutating func advance(to position: Int) {
        offset += position - start
        start = position
    }

    mutating func append(_ chunk: UnsafeRawBufferPointer) {
        guard let source = chunk.baseAddress else { return }
        makeRoom(for: chunk.count)
        UnsafeMutableRawPointer(base + end).copyMemory(from: source, byteCount: chunk.count)
        end += chunk.count
    }

    mutating func finish() {
        isFinished = true
    }

    private mutating func makeRoom(for bytes: Int) {
        guard end + bytes > capacity else { return }
        if count + bytes > capacity {
            let larger = max(capacity * 2, count + bytes)
            let roomier = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
            roomier.update(from: base + start, count: count)
            base.deallocate()
            base = roomier
            capacity = larger
        } else {
            base.update(from: base + start, count: count)
        }
        end -= start
        start = 0
    }
}
