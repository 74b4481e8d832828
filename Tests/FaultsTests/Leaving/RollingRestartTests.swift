import ConnectorKit
import Foundation
import Synchronization
import Server
import Testing
import TestBackends
import Vocabulary

@testable import plimsoll

/// Replicas of one PostgreSQL are replaced one after the other, while senders send.
@Suite struct `A rolling restart` {
    static let rounds = FaultRun.size(1, long: 10)

    @Test(.timeLimit(.minutes(10)), .enabled(if: Backend.available.contains(.postgres)))
    func `Row 33: it answers at most one request in a thousand with a server error, and loses nothing`() async throws {
        try await FaultWorld.during(.postgres) { world in
            var replicas = [
                try await world.replica(), try await world.replica(), try await world.replica(),
            ]
            defer { for replica in replicas { replica.process.endAtOnce() } }
            let traffic = RestartTraffic(
                Suggestions(world, on: .system), key: world.key, addresses: replicas.map(\.client.server))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<3 { group.addTask { try await traffic.send(every: 3, from: number) } }
                for _ in 0..<Self.rounds {
                    for index in replicas.indices {
                        try await Task.sleep(for: .seconds(1))
                        try await replicas[index].stop()
                        replicas[index] = try await world.replica()
                        traffic.replace(index, by: replicas[index].client.server)
                    }
                }
                try await Task.sleep(for: .seconds(1))
                traffic.end()
                try await group.waitForAll()
            }
            let reckoning = try await Reckoning.take(world, from: replicas[0].client)
            FaultRun.note(row: 33, "\(Self.rounds * 3) restarts: \(traffic.figures); \(reckoning)")
            let figures = traffic.figures
            #expect(figures.acknowledged.count > 20)
            #expect(Double(figures.serverErrors) <= 0.001 * Double(figures.answers), "\(figures)")
            #expect(reckoning.lost(of: figures.acknowledged).isEmpty)
            #expect(reckoning.duplicates.isEmpty)
            for replica in replicas { try await replica.stop() }
            #expect(try await world.auditVerifies())
        }
    }
}

/// Senders that go to the next replica when one does not answer.
private final class RestartTraffic: Sendable {
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
