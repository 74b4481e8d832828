import Synchronization
import Vocabulary

/// An allowance for each caller: so much at once, and so much regained each second.
final class TokenBuckets: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: Instant
    }

    private let burst: Double
    private let perSecond: Double
    private let capacity: Int
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameter capacity: how many callers are remembered; beyond that, those with a full allowance are forgotten.
    init(burst: Int, perSecond: Double, capacity: Int = 10_000) {
        self.burst = Double(max(1, burst))
        self.perSecond = max(0.001, perSecond)
        self.capacity = capacity
    }

    /// - Returns: nil when the caller may go on; else how long to wait.
    func take(_ caller: String, at now: Instant) -> Duration? {
        buckets.withLock { buckets in
            if buckets.count >= capacity, buckets[caller] == nil { forget(&buckets, now) }
            var bucket = filled(buckets[caller], now)
            defer { buckets[caller] = bucket }
            guard bucket.tokens >= 1 else { return .seconds((1 - bucket.tokens) / perSecond) }
            bucket.tokens -= 1
            return nil
        }
    }

    /// Whether a request would be let through, without using any of the allowance.
    func wait(_ caller: String, at now: Instant) -> Duration? {
        buckets.withLock { buckets in
            let tokens = filled(buckets[caller], now).tokens
            return tokens >= 1 ? nil : .seconds((1 - tokens) / perSecond)
        }
    }

    private func filled(_ bucket: Bucket?, _ now: Instant) -> Bucket {
        guard let bucket else { return Bucket(tokens: burst, at: now) }
        // A clock that was set back gives nothing and takes nothing.
        let regained = max(0, (now - bucket.at).inSeconds) * perSecond
        return Bucket(tokens: min(burst, bucket.tokens + regained), at: now)
    }

    private func forget(_ buckets: inout [String: Bucket], _ now: Instant) {
        buckets = buckets.filter { filled($0.value, now).tokens < burst }
        if buckets.count >= capacity { buckets.removeAll() }
    }
}
