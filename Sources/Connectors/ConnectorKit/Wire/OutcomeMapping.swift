import Vocabulary

/// What an HTTP answer says about an action that was sent: the same for every connector.
extension Outcome {
    /// - Parameter failure: why there was no answer.
    public init(_ failure: WireFailure) {
        switch failure {
        case .notSent(let reason): self = .notDone(.unreachable("The request could not be sent: \(reason)."))
        case .heldBack(let reason, let wait): self = .notDone(.rateLimited(reason, after: wait))
        case .noAnswer(let reason): self = .unknown("The request was sent and no answer came: \(reason)")
        }
    }

    /// Reads an answer to a request that was to have an effect.
    ///
    /// - Parameters:
    ///   - complaint: the system's own words, taken from the body by the connector; nil uses the body's beginning.
    ///   - document: reads the document from a 2xx answer. When it throws, the effect may be there all the
    ///     same, so that the outcome is unknown.
    public init(
        _ response: WireResponse, now: Instant, complaint: String? = nil,
        document: (WireResponse) throws(Fault) -> ExternalDocument
    ) {
        if response.isSuccess {
            do {
                self = .done(try document(response))
            } catch {
                self = .unknown("The system answered \(response.status), but not understandably: \(error.message)")
            }
            return
        }
        if response.mayHaveBeenActedUpon {
            self = .unknown("The system answered \(response.status): \(complaint ?? response.beginning)")
        } else {
            self = .notDone(response.fault(now: now, complaint: complaint))
        }
    }

    /// Sends a request that is to have an effect, and reads what became of it.
    public static func sending(
        _ request: WireRequest, over http: any HTTPExchange, clock: WallClock,
        complaint: (WireResponse) -> String? = { _ in nil },
        document: (WireResponse) throws(Fault) -> ExternalDocument
    ) async -> Outcome {
        do {
            let response = try await http.send(request)
            return Outcome(response, now: clock.now(), complaint: complaint(response), document: document)
        } catch {
            return Outcome(error)
        }
    }
}

extension HTTPExchange {
    /// Sends a request that changes nothing and may be asked again.
    ///
    /// - Returns: a 2xx answer.
    /// - Throws: `connector.…` for everything else; what did not arrive is `connector.unreachable`.
    public func ask(_ request: WireRequest, clock: WallClock) async throws(Fault) -> WireResponse {
        let response: WireResponse
        do {
            response = try await send(request)
        } catch {
            if case .heldBack(let reason, let wait) = error { throw .rateLimited(reason, after: wait) }
            throw .unreachable("\(request.method) \(request.urlWithoutQuery): \(error.reason).")
        }
        guard response.isSuccess else { throw response.fault(now: clock.now(), complaint: nil) }
        return response
    }
}

extension WireRequest {
    /// Queries can hold secrets; messages are read by many.
    var urlWithoutQuery: Substring { url.prefix { $0 != "?" && $0 != "#" } }
}

extension WireFailure {
    /// The client's words, for messages.
    public var reason: String {
        switch self {
        case .notSent(let reason), .heldBack(let reason, _), .noAnswer(let reason): reason
        }
    }
}

extension WireResponse {
    public var isSuccess: Bool { (200..<300).contains(status) }

    /// Whether an effect may be there although this is no success.
    ///
    /// A 5xx can come from a proxy whose upstream had begun; so can a 503 that names no time to come back,
    /// while one with `Retry-After` is load being shed. A 302 or 303 is how forms answer when they are done.
    public var mayHaveBeenActedUpon: Bool {
        if throttle?.isRefusal == true { return false }
        return switch status {
        case 503: header("Retry-After") == nil
        case 100..<200, 300, 302...306, 500...: true
        default: false
        }
    }

    /// The fault that a refusal of this status amounts to.
    ///
    /// - Parameter complaint: the system's own words; nil uses the body's beginning.
    public func fault(now: Instant, complaint: String? = nil) -> Fault {
        let message = "The system answered \(status): \(complaint ?? beginning)"
        if let throttle, throttle.isRefusal { return .rateLimited(message, after: throttle.wait) }
        switch status {
        case 429, 503: return .rateLimited(message, after: retryAfter(header("Retry-After"), now: now))
        case 401, 403, 407: return .unauthorized(message)
        case 408, 425: return .unreachable(message)
        case 501, 505: return .unsupported(message)
        case 500...: return .unreachable(message)
        case 400..<500: return .refused(message)
        case 300..<400:
            return .protocolBroken("\(message) (to \(header("Location") ?? "nowhere")): enter the final address in the settings.")
        default: return .protocolBroken(message)
        }
    }

    /// The first 200 characters of the body, for messages.
    var beginning: String {
        let text = String(decoding: body.prefix(800), as: UTF8.self)
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        if line.isEmpty { return "no explanation" }
        return line.count > 200 ? String(line.prefix(199)) + "…" : line
    }
}
