import Vocabulary

/// How one system says "later": by which statuses, words and headers.
///
/// The standard one understands 429 and 503, `Retry-After` in seconds or as a date, and the headers that tell how many
/// requests are left. What a maker does otherwise stands in its connector's manifest.
public struct ThrottleDialect: Hashable, Sendable {
    /// Statuses by which a request is always turned away before anything is done.
    public var refusals: Set<Int>
    /// Texts that make another status such a refusal when they stand in the body, whatever their case: some makers answer
    /// 400 or 403 when they mean 429.
    public var phrases: [Int: [String]]
    /// Headers that tell how many requests are left and when there will be more, in the order in which they are looked for.
    public var allowances: [Allowance]

    /// The names of two headers that belong together.
    public struct Allowance: Hashable, Sendable {
        public let remaining: String
        /// Seconds, or a moment as seconds or milliseconds since 1970 or as an HTTP date: whichever it can be.
        public let reset: String

        public init(remaining: String, reset: String) {
            self.remaining = remaining
            self.reset = reset
        }
    }

    public init(refusals: Set<Int> = [429], phrases: [Int: [String]] = [:], allowances: [Allowance] = Allowance.usual) {
        self.refusals = refusals
        self.phrases = phrases
        self.allowances = allowances
    }

    public static let standard = ThrottleDialect()
}

extension ThrottleDialect.Allowance {
    /// Names in use; the first are those of the IETF's draft `draft-ietf-httpapi-ratelimit-headers`, up to version 7.
    public static let usual = [
        Self(remaining: "RateLimit-Remaining", reset: "RateLimit-Reset"),
        Self(remaining: "X-RateLimit-Remaining", reset: "X-RateLimit-Reset"),
        Self(remaining: "X-Rate-Limit-Remaining", reset: "X-Rate-Limit-Reset"),
    ]
}

/// What one answer says of how much more its system takes.
public struct ThrottleNotice: Hashable, Sendable {
    /// The request was turned away for load, and nothing was done.
    public let isRefusal: Bool
    /// How long to stay away; nil when the answer does not say.
    public internal(set) var wait: Duration?
    /// How many more requests it takes until `reset` is over; nil when the answer does not say.
    public let remaining: Int?
    public let reset: Duration?
}

extension ThrottleDialect {
    public func notice(in response: WireResponse, now: Instant) -> ThrottleNotice {
        let asked = retryAfter(response.header("Retry-After"), now: now)
        let allowance = allowance(in: response, now: now)
        let isRefusal =
            refusals.contains(response.status) || (response.status == 503 && asked != nil) || hasPhrase(response)
        // A system that has nothing left and says when there will be more has named the time to come back.
        let untilReset = allowance?.remaining ?? 0 <= 0 ? allowance?.reset : nil
        return ThrottleNotice(
            isRefusal: isRefusal, wait: isRefusal || response.status == 503 ? asked ?? untilReset : nil,
            remaining: allowance?.remaining, reset: allowance?.reset)
    }

    private func hasPhrase(_ response: WireResponse) -> Bool {
        guard let texts = phrases[response.status] else { return false }
        let body = String(decoding: response.body.prefix(4096), as: UTF8.self).lowercased()
        return texts.contains { body.contains($0.lowercased()) }
    }

    private func allowance(in response: WireResponse, now: Instant) -> (remaining: Int, reset: Duration?)? {
        for names in allowances {
            guard let text = response.header(names.remaining), let remaining = Int(text.trimmingSpaces()) else { continue }
            return (remaining, response.header(names.reset).flatMap { reset(of: $0.trimmingSpaces(), now: now) })
        }
        return nil
    }

    /// A wait of more than a year is a moment; a moment of more than 10^11 seconds is one in milliseconds.
    private func reset(of text: String, now: Instant) -> Duration? {
        guard let number = Double(text), number.isFinite, number >= 0, number < 1e14 else {
            return Instant(httpDate: text).map { max(.zero, $0 - now) }
        }
        guard number > 31_536_000 else { return .seconds(number) }
        let seconds = number > 1e11 ? number / 1000 : number
        return max(.zero, Instant(microseconds: Int64(seconds * 1_000_000)) - now)
    }
}
