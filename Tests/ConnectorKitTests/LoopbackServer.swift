import NIOCore
import NIOPosix
import Synchronization

/// A server on a loopback port that treats every request as it is told, byte by byte.
final class LoopbackServer: Sendable {
    enum Reaction: Sendable {
        case answer([UInt8])
        /// Part of an answer, and then the connection is closed.
        case answerAndClose([UInt8])
        /// The connection is closed without an answer.
        case drop
        /// Nothing ever comes.
        case stall
    }

    let port: Int

    private init(port: Int) {
        self.port = port
    }

    /// Runs `body` with a server that reacts to the n-th request, counted from 0, as `react` says.
    static func run<Result>(
        _ react: @escaping @Sendable (Int, String) -> Reaction, _ body: (LoopbackServer, Log) async throws -> Result
    ) async throws -> Result {
        let log = Log()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    try child.pipeline.syncOperations.addHandler(RequestReader(log: log, react: react))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = LoopbackServer(port: channel.localAddress?.port ?? 0)
        do {
            let result = try await body(server, log)
            try await channel.close()
            return result
        } catch {
            try await channel.close()
            throw error
        }
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// Every request that arrived whole, as text.
    final class Log: Sendable {
        private let requests = Mutex<[String]>([])

        var all: [String] { requests.withLock(\.self) }

        func add(_ request: String) -> Int {
            requests.withLock { requests in
                requests.append(request)
                return requests.count - 1
            }
        }
    }
}

private final class RequestReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var received = ""
    private let log: LoopbackServer.Log
    private let react: @Sendable (Int, String) -> LoopbackServer.Reaction

    init(log: LoopbackServer.Log, react: @escaping @Sendable (Int, String) -> LoopbackServer.Reaction) {
        self.log = log
        self.react = react
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        guard let end = received.range(ofFirst: "\r\n\r\n") else { return }
        let head = received[..<end.lowerBound].lowercased()
        let length = head.split(separator: "content-length: ").dropFirst().first.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
        guard received[end.upperBound...].utf8.count >= length else { return }
        let request = received
        received = ""
        switch react(log.add(request), request) {
        case .answer(let bytes): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        case .answerAndClose(let bytes):
            context.write(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            context.flush()
            context.close(promise: nil)
        case .drop: context.close(promise: nil)
        case .stall: break
        }
    }
}

extension String {
    fileprivate func range(ofFirst separator: String) -> Range<String.Index>? {
        let parts = split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        return parts[0].endIndex..<parts[1].startIndex
    }
}

extension LoopbackServer.Reaction {
    static func answer(_ status: Int, headers: [String] = [], _ body: String = "") -> Self {
        .answer(status, headers: headers, bytes: Array(body.utf8))
    }

    static func answer(_ status: Int, headers: [String] = [], bytes: [UInt8]) -> Self {
        let lines = ["HTTP/1.1 \(status) Whatever", "Content-Length: \(bytes.count)"] + headers
        return .answer(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + bytes)
    }
}
