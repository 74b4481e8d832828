import ConnectorKit
import Server
import Synchronization
import Vocabulary

@testable import plimsoll

/// Senders that go to the next replica when one does not answer.
final class RestartTraffic: Sendable {
    struct Figures: Sendable, CustomStringConvertible {
        var answers = 0
        var serverErrors = 0
        /// Connections that were refused or broke: the next replica was asked.
        var unanswered = 0
        var acknowledged: [String] = []

        var description: String {
            "\(answers) answers, \(serverErrors) of them server errors, \(unanswered) unanswered, "
                + "\(acknowledged.count) acknowledged"
        }
    }

    private struct State {
        var addresses: [String]
        var figures = Figures()
        var isOver = false
    }

    private let suggestions: Suggestions
    private let key: String
    private let exchange = HTTPClientExchange()
    private let state: Mutex<State>

    init(_ suggestions: Suggestions, key: String, addresses: [String]) {
        self.suggestions = suggestions
        self.key = key
        state = Mutex(State(addresses: addresses))
    }

    var figures: Figures { state.withLock(\.figures) }

    /// Sends by several at once while `work` is done, and for a second after it.
    func flow(by senders: Int, _ work: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<senders { group.addTask { try await self.send(every: senders, from: number) } }
            try await work()
            try await Task.sleep(for: .seconds(1))
            state.withLock { $0.isOver = true }
            try await group.waitForAll()
        }
    }

    /// Stops one replica after the other, and starts another in its place.
    func restart(_ replicas: inout [FaultWorld.Replica], in world: FaultWorld) async throws {
        for index in replicas.indices {
            try await Task.sleep(for: .seconds(1))
            try await replicas[index].stop()
            replicas[index] = try await world.replica()
            let address = replicas[index].client.server
            state.withLock { $0.addresses[index] = address }
        }
    }

    /// Sends one recommendation after the other, each until it was acknowledged.
    private func send(every step: Int, from first: Int) async throws {
        var (number, place) = (first, first)
        while !state.withLock(\.isOver) {
            try await Task.sleep(for: .milliseconds(10))
            let address = state.withLock { $0.addresses[place % $0.addresses.count] }
            guard let status = await status(of: suggestions.body(number), at: address) else {
                state.withLock { $0.figures.unanswered += 1 }
                place += 1
                continue
            }
            state.withLock { state in
                state.figures.answers += 1
                if status >= 500 { state.figures.serverErrors += 1 }
                if status < 300 { state.figures.acknowledged.append(suggestions.id(number)) }
            }
            if status < 300 { number += step } else { place += 1 }
        }
    }

    private func status(of body: JSONValue, at address: String) async -> Int? {
        guard let bytes = try? JSON.bytes(of: body) else { return nil }
        let headers = [(name: "Authorization", value: "Bearer \(key)"), (name: "Content-Type", value: "application/json")]
        let request = WireRequest(
            "POST", address + "/process/v1/recommendations", headers: headers, body: bytes, timeout: .seconds(10))
        return try? await exchange.send(request).status
    }
}
