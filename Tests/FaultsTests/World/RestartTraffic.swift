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
    func replace(_ index: Int, by address: String) { state.withLock { $0.addresses[index] = address } }
    func end() { state.withLock { $0.isOver = true } }

    /// Sends one recommendation after the other, each until it was acknowledged.
    func send(every step: Int, from first: Int) async throws {
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
