import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// What has become of one request so far: whether its head went out, and the answer as it comes in.
final class AnswerCollector: HTTPClientResponseDelegate {
    private struct State {
        var headWasSent = false
        var status = 0
        var headers: [(name: String, value: String)] = []
        var body: [UInt8] = []
    }

    private let state = Mutex(State())
    private let largestBody: Int

    init(largestBody: Int) {
        self.largestBody = largestBody
    }

    var headWasSent: Bool { state.withLock(\.headWasSent) }

    func didSendRequestHead(task: HTTPClient.Task<WireResponse>, _ head: HTTPRequestHead) {
        state.withLock { $0.headWasSent = true }
    }

    func didReceiveHead(task: HTTPClient.Task<WireResponse>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        state.withLock { state in
            state.status = Int(head.status.code)
            state.headers = head.headers.map { ($0.name, $0.value) }
        }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<WireResponse>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        let fits = state.withLock { state in
            guard state.body.count + buffer.readableBytes <= largestBody else { return false }
            state.body.append(contentsOf: buffer.readableBytesView)
            return true
        }
        guard fits else { return task.eventLoop.makeFailedFuture(BodyTooLarge(limit: largestBody)) }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<WireResponse>) throws -> WireResponse {
        state.withLock { WireResponse(status: $0.status, headers: $0.headers, body: $0.body) }
    }
}

struct BodyTooLarge: Error, CustomStringConvertible {
    let limit: Int

    var description: String { "the answer is larger than \(limit) bytes" }
}
