import Vocabulary

/// One request out, one answer back: the wire, as a connector sees it.
public protocol HTTPExchange: Sendable {
    /// - Throws: a `WireFailure`, which says whether the request may have been acted upon.
    func send(_ request: WireRequest) async throws(WireFailure) -> WireResponse
}

public struct WireRequest: Hashable, Sendable {
    public var method: String
    public var url: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
    public var timeout: Duration

    public init(
        _ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        timeout: Duration = .seconds(30)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.method == right.method && left.url == right.url && left.body == right.body
            && left.headers.elementsEqual(right.headers) { $0 == $1 }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(method)
        hasher.combine(url)
        hasher.combine(body)
    }
}

public struct WireResponse: Sendable {
    public let status: Int
    public let headers: [(name: String, value: String)]
    /// Decompressed; at most the exchange's limit.
    public let body: [UInt8]
    /// What it says of the system's load, in the system's own dialect; nil when nobody has looked.
    public internal(set) var throttle: ThrottleNotice?

    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of the first header with that name, whatever its case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// Why there was no answer.
public enum WireFailure: Error, Hashable, Sendable {
    /// The request never left: no connection, unknown host, refused certificate. Nothing can have happened.
    case notSent(String)
    /// We did not send it: the system has asked not to be called before that much time is over.
    case heldBack(String, after: Duration?)
    /// It left, or may have: the effect may be there.
    case noAnswer(String)
}
