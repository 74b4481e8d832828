import Vocabulary

/// How this ERP is told to misbehave: the body of `POST /adversary`, and its answer.
package struct Adversary: Codable, Sendable, Equatable {
    package var mode: Mode = .ok
    /// How long `slow` waits, `late` holds back, and what `Retry-After` says.
    package var seconds: Double = 1
    package var retryAfter: RetryAfterForm = .integer
    /// The share of calls that are hit, between 0 and 1.
    package var probability: Double = 1
    /// What is hit: `writes`, `reads`, `/transfers` or `POST /transfers`. Empty means every business route.
    package var routes: [String] = []
    /// Whether the ERP honours `Idempotency-Key`.
    package var deduplicate = false
    /// Calls a second that `throttle429`, `throttle503` and `throttle400` let pass; nil lets none.
    package var perSecond: Double?
    /// Only the next so many calls are hit; nil means until told otherwise.
    package var count: Int?

    package enum Mode: String, Codable, Sendable, CaseIterable {
        /// Does what is asked and says so.
        case ok
        /// Does it after `seconds`, whether or not the caller still waits.
        case slow
        /// 500 and nothing done.
        case error500
        /// Done, then 500.
        case applyThen500
        /// Done, then the connection is closed without an answer.
        case drop
        /// The connection is closed and nothing is done.
        case dropBefore
        /// 429 and nothing done.
        case throttle429
        /// 503 and nothing done.
        case throttle503
        /// 400 with a code that means too many requests, as some systems answer; nothing done.
        case throttle400
        /// Done, then 200 with half a JSON object.
        case garbage
        /// Done, then 200 with a page of HTML.
        case wrongType
        /// Done, then 204 without a body.
        case noContent
        /// 302 to another host; nothing done.
        case redirect
        /// The connection is closed at once, and it is done `seconds` later.
        case late
    }

    package enum RetryAfterForm: String, Codable, Sendable {
        case integer, httpDate, none
    }

    package init() {}

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let fallback = Adversary()
        mode = try container.decodeIfPresent(Mode.self, forKey: .mode) ?? fallback.mode
        seconds = try container.decodeIfPresent(Double.self, forKey: .seconds) ?? fallback.seconds
        retryAfter = try container.decodeIfPresent(RetryAfterForm.self, forKey: .retryAfter) ?? fallback.retryAfter
        probability = try container.decodeIfPresent(Double.self, forKey: .probability) ?? fallback.probability
        routes = try container.decodeIfPresent([String].self, forKey: .routes) ?? fallback.routes
        deduplicate = try container.decodeIfPresent(Bool.self, forKey: .deduplicate) ?? fallback.deduplicate
        perSecond = try container.decodeIfPresent(Double.self, forKey: .perSecond)
        count = try container.decodeIfPresent(Int.self, forKey: .count)
        guard (0...86_400).contains(seconds) else {
            throw Fault.invalid("seconds", found: "\(seconds)", expected: "0 to 86400")
        }
        guard (0...1).contains(probability) else {
            throw Fault.invalid("probability", found: "\(probability)", expected: "0 to 1")
        }
        if let perSecond, !(0.01...1_000_000).contains(perSecond) {
            throw Fault.invalid("perSecond", found: "\(perSecond)", expected: "0.01 to 1000000")
        }
        if let count, count < 0 { throw Fault.invalid("count", found: "\(count)", expected: "0 or more") }
    }

    /// What happens to the next call of `route`; counts it when the adversary acts.
    mutating func strike(_ route: BusinessRoute, randomness: Randomness) -> Mode {
        guard mode != .ok, routes.isEmpty || routes.contains(where: route.matches) else { return .ok }
        if let count, count <= 0 { return .ok }
        guard probability >= 1 || randomness.fraction() < probability else { return .ok }
        count = count.map { $0 - 1 }
        return mode
    }

    var isThrottling: Bool { [.throttle429, .throttle503, .throttle400].contains(mode) }

    var pause: Duration { .microseconds(Int64((seconds * 1_000_000).rounded())) }
}

/// One route of the ERP's business, by which the adversary picks its victims.
struct BusinessRoute: Sendable {
    let method: String
    /// The first part of the path with its slash: `/policies`.
    let path: String

    func matches(_ filter: String) -> Bool {
        switch filter {
        case "writes": method != "GET"
        case "reads": method == "GET"
        default: filter == path || filter == "\(method) \(path)"
        }
    }
}
