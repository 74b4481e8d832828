import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import SandboxERP
import Synchronization
import Vocabulary

/// A sandbox ERP that really listens on loopback, for as long as the test that was given it runs.
package struct RunningSandbox: Sendable {
    package let port: Int
    package let key: String
    package let time: TestTime

    package var address: String { "http://127.0.0.1:\(port)" }

    /// Runs the ERP on a free port in this process and hands it to `body`.
    package static func during<Result: Sendable>(
        adversary: Adversary = Adversary(), _ body: @Sendable (RunningSandbox) async throws -> Result
    ) async throws -> Result {
        let time = TestTime()
        let configuration = SandboxConfiguration(
            port: 0, seed: 1, sample: try sample.get(), adversary: adversary, clock: time.clock)
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await SandboxERP.run(configuration: configuration) { port in continuation.yield(port) }
                continuation.finish()
            }
            defer { group.cancelAll() }
            for await port in ports {
                return try await body(RunningSandbox(port: port, key: configuration.key, time: time))
            }
            try await group.waitForAll()
            throw Fault.defect("The sandbox ERP ended before it was running.")
        }
    }

    /// One request, answered or not.
    ///
    /// - Throws: what the HTTP client throws, above all when the connection is closed without an answer.
    package func send(
        _ method: String, _ path: String, _ body: String? = nil, headers: [String: String] = [:], key: String? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: address + path)
        request.method = .RAW(value: method)
        request.headers.add(name: "Authorization", value: "Bearer \(key ?? self.key)")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await Self.client.execute(request, timeout: .seconds(20))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        let headers = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
        return Answer(status: Int(response.status.code), headers: headers, text: String(buffer: bytes))
    }

    /// Making the company takes longer than most tests, and all tests start at the same moment.
    private static let sample = Result { try SampleDistributor(seed: 1, now: TestTime().now) }

    /// No request is repeated by the client and no redirect is followed: a test sees what was sent.
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton,
        configuration: {
            var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
            configuration.connectionPool.retryConnectionEstablishment = false
            // All suites run at once on two cores: a connection may have to wait its turn.
            configuration.timeout.connect = .seconds(60)
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
            return configuration
        }())

    package struct Answer: Sendable {
        package let status: Int
        /// By lower-case name.
        package let headers: [String: String]
        package let text: String

        package func decoded<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
            try JSON.decode(type, from: text)
        }
    }
}

/// A clock that stands still until it is moved, and whose waits are over at once while they move it.
package final class TestTime: Sendable {
    private let moment: Mutex<Instant>

    /// A Wednesday: 2026-06-17, noon UTC.
    package init(_ start: Instant = Instant(microseconds: 1_781_697_600_000_000)) {
        moment = Mutex(start)
    }

    package var now: Instant { moment.withLock { $0 } }

    package func advance(_ duration: Duration) {
        moment.withLock { $0 = $0 + duration }
    }

    package var clock: WallClock {
        WallClock(
            now: { self.now },
            pause: { duration in
                try Task.checkCancellation()
                self.advance(duration)
            })
    }
}
