import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import Vocabulary

/// HTTP over real sockets, each request sent at most once.
///
/// Nothing here repeats a request or follows a redirect, and every failure says whether the request may
/// have left: an effect that nobody asked for twice is worth more than a convenience.
public final class HTTPClientExchange: HTTPExchange {
    private let client: HTTPClient
    private let largestBody: Int

    /// - Parameters:
    ///   - largestBody: bytes of an answer's body after decompression; a larger one is `.noAnswer`.
    ///   - connectTimeout: for the connection and the TLS handshake, within the request's own timeout.
    public init(largestBody: Int = 64 << 20, connectTimeout: Duration = .seconds(10), connections: Int = 8) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.decompression = .enabled(limit: .size(largestBody))
        configuration.timeout.connect = TimeAmount(connectTimeout)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // Shorter than what servers commonly allow, so that they rarely close a connection under a request.
        configuration.connectionPool.idleTimeout = .seconds(4)
        // One loop for the channels and the delegates: that a head was sent is then known at once, and a
        // deadline cannot slip in between.
        let loop = HTTPClient.defaultEventLoopGroup.next()
        client = HTTPClient(eventLoopGroupProvider: .shared(loop), configuration: configuration)
        self.largestBody = largestBody
    }

    /// Whoever forgets to shut it down, or cannot because of a fault, loses nothing but open connections.
    deinit {
        client.shutdown { _ in }
    }

    /// Closes all connections; requests under way fail. To be called once, when nothing is sent any more.
    public func shutdown() async {
        // It throws only when called twice, and then there is nothing left to close.
        try? await client.shutdown()
    }

    public func send(_ request: WireRequest) async throws(WireFailure) -> WireResponse {
        let delegate = AnswerCollector(largestBody: largestBody)
        do {
            let task = client.execute(
                request: try HTTPClient.Request(request), delegate: delegate, deadline: .now() + TimeAmount(request.timeout))
            return try await withTaskCancellationHandler {
                try await task.futureResult.get()
            } onCancel: {
                task.fail(reason: HTTPClientError.cancelled)
            }
        } catch {
            throw WireFailure(error, headWasSent: delegate.headWasSent)
        }
    }
}

extension HTTPClient.Request {
    init(_ request: WireRequest) throws {
        var headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        if !headers.contains(name: "Accept-Encoding") { headers.add(name: "Accept-Encoding", value: "gzip") }
        if !headers.contains(name: "User-Agent") { headers.add(name: "User-Agent", value: "plimsoll") }
        try self.init(
            url: request.url, method: HTTPMethod(rawValue: request.method), headers: headers,
            body: request.body.isEmpty ? nil : .byteBuffer(ByteBuffer(bytes: request.body)))
    }
}
