import ConnectorKit
import Foundation
import Server
import Synchronization
import Vocabulary

@testable import plimsoll

/// Sends one recommendation after the other, each until it was acknowledged, to whatever server there is.
final class SuggestionStream: Sendable {
    private let address = Mutex<String?>(nil)
    private let key: String
    private let suggestions: Suggestions
    private let pause: Duration
    private let isOver = Mutex(false)
    private let tally = Mutex(Tally())

    /// What became of the requests so far.
    struct Tally: Sendable {
        var acknowledged: [String] = []
        /// How often each status came back; 0 is no answer.
        var statuses: [Int: Int] = [:]
        /// Refusals with 503 that did not say when to come again.
        var withoutRetryAfter = 0
        /// How long each acknowledgement took, in order.
        var latencies: [Duration] = []
    }

    init(_ world: FaultWorld, every pause: Duration = .milliseconds(50)) {
        key = world.key
        suggestions = Suggestions(world, on: .system)
        self.pause = pause
    }

    var now: Tally { tally.withLock { $0 } }
    var acknowledged: [String] { now.acknowledged }

    /// Where the server is from now on; nil while there is none.
    func turn(to server: String?) { address.withLock { $0 = server } }

    func end() { isOver.withLock { $0 = true } }

    /// Runs `body` beside the stream, which ends with it.
    func during(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.run() }
            do {
                try await body()
                end()
            } catch {
                end()
                throw error
            }
            try await group.waitForAll()
        }
    }

    func run() async throws {
        let exchange = HTTPClientExchange()
        var number = 0
        while !isOver.withLock({ $0 }) {
            try await Task.sleep(for: pause)
            guard let place = address.withLock({ $0 }) else { continue }
            if try await send(number, to: place, over: exchange) { number += 1 }
        }
        await exchange.shutdown()
    }

    private func send(_ number: Int, to place: String, over exchange: HTTPClientExchange) async throws -> Bool {
        let headers = [
            (name: "Authorization", value: "Bearer \(key)"), (name: "Content-Type", value: "application/json"),
        ]
        let request = WireRequest(
            "POST", place + "/process/v1/recommendations", headers: headers,
            body: try JSON.bytes(of: suggestions.body(number)), timeout: .seconds(60))
        let start = ContinuousClock.now
        let response = try? await exchange.send(request)
        let took = ContinuousClock.now - start
        let status = response?.status ?? 0
        let isRefusedBlindly = status == 503 && response?.headers.contains { $0.name.lowercased() == "retry-after" } == false
        tally.withLock { tally in
            tally.statuses[status, default: 0] += 1
            if isRefusedBlindly { tally.withoutRetryAfter += 1 }
            guard (200..<300).contains(status) else { return }
            tally.acknowledged.append(suggestions.id(number))
            tally.latencies.append(took)
        }
        return (200..<300).contains(status)
    }
}
