import Foundation
import Server
import Synchronization
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite struct `A server that is killed again and again` {
    /// `PLIMSOLL_KILLS` asks for a longer run than the usual one.
    static let kills = ProcessInfo.processInfo.environment["PLIMSOLL_KILLS"].flatMap(Int.init) ?? 10

    @Test(.timeLimit(.minutes(20)), arguments: Backend.available)
    func `loses nothing that was acknowledged and does nothing twice`(backend: Backend) async throws {
        try await FaultWorld.during(backend) { world in
            let stream = SuggestionStream(key: world.key)
            let acknowledged = try await withThrowingTaskGroup(of: Void.self, returning: [String].self) { group in
                group.addTask { try await stream.run() }
                try await killOften(world, times: Self.kills, stream)
                stream.end()
                try await group.waitForAll()
                return stream.acknowledged
            }
            let reckoning = try await reckon(world)
            print("\(backend): \(Self.kills) kills, \(acknowledged.count) acknowledged: \(reckoning)")

            #expect(acknowledged.count >= Self.kills)
            #expect(reckoning.lost(of: acknowledged).map { "\($0) \(reckoning.states[$0] ?? "is gone")" } == [])
            #expect(reckoning.duplicates.isEmpty)
            #expect(reckoning.effects.values.allSatisfy { $0 <= 1 })
            #expect(reckoning.done.filter { reckoning.effects[$0] != 1 }.isEmpty)
            #expect(reckoning.effects.values.reduce(0, +) == reckoning.done.count)
            #expect(try await world.auditVerifies())
        }
    }

    /// Starts the server and kills it 0.2 to 1 s after it is ready, so many times.
    private func killOften(_ world: FaultWorld, times: Int, _ stream: SuggestionStream) async throws {
        let dice = Randomness.seeded(20_261_123)
        for _ in 0..<times {
            let server = try world.start()
            defer { server.endAtOnce() }
            stream.address.withLock { $0 = nil }
            let address = try await server.line(beginning: "Plimsoll is ready at")
            stream.address.withLock { $0 = address }
            try await Task.sleep(for: .milliseconds(200 + Int(dice.fraction() * 800)))
            server.endAtOnce()
            let wasKilled = try await server.wasKilled()
            let printed = try server.printed
            #expect(wasKilled, "It ended by itself: \(printed)")
        }
    }

    /// Lets a last server finish what is left.
    private func reckon(_ world: FaultWorld) async throws -> Reckoning {
        let server = try world.start()
        defer { server.endAtOnce() }
        let client = APIClient(server: try await server.line(beginning: "Plimsoll is ready at"), key: world.key)
        let reckoning: Reckoning
        do {
            reckoning = try await Reckoning.take(world, from: client)
        } catch {
            await client.close()
            throw error
        }
        await client.close()
        try await server.stop()
        return reckoning
    }
}

/// Sends one recommendation after the other, each until it was acknowledged, to whatever server there is.
private final class SuggestionStream: Sendable {
    /// Where the server is; nil while there is none.
    let address = Mutex<String?>(nil)
    private let key: String
    private let isOver = Mutex(false)
    private let taken = Mutex<[String]>([])

    init(key: String) {
        self.key = key
    }

    var acknowledged: [String] { taken.withLock { $0 } }

    func end() { isOver.withLock { $0 = true } }

    func run() async throws {
        let suggestions = Suggestions(on: .system)
        var number = 0
        var client: APIClient?
        while !isOver.withLock({ $0 }) {
            try await Task.sleep(for: .milliseconds(50))
            guard let place = address.withLock({ $0 }) else { continue }
            if client?.server != place {
                await client?.close()
                client = APIClient(server: place, key: key)
            }
            do {
                _ = try await client?.post("/process/v1/recommendations", suggestions.body(number))
            } catch is CommandFailure {
                continue
            }
            taken.withLock { $0.append(suggestions.id(number)) }
            number += 1
        }
        await client?.close()
    }
}
