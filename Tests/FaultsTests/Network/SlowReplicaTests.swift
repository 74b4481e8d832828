import ConnectorKit
import Server
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite(.enabled(if: Backend.available.contains(.postgres)))
struct `A replica with a slow way to the database` {
    private static let requests = FaultRun.size(30, long: 300)

    @Test(.timeLimit(.minutes(10)))
    func `Row 15: it stands aside, so that the others are as quick as without it, and takes part again by itself`() async throws {
        try await FaultWorld.during(.postgres) { world in
            try await LoopbackProxy.with(to: world.databasePort) { proxy in
                let near = [try await world.replica(), try await world.replica()]
                let far = try await world.replica(["PLIMSOLL_DATABASE": world.database(over: proxy)])
                defer { for replica in near + [far] { replica.process.endAtOnce() } }
                let senders = Senders(to: near.map(\.client), Suggestions(world, on: .system))
                let before = try await senders.send(Self.requests)

                proxy.change { ($0.delay, $0.loss) = (.milliseconds(150), 0.05) }
                let onset = try await senders.send(20)
                let noticed = try await eventually("it says that it is not ready") { await !far.isReady() }
                try await expectRefusal(by: far, senders.suggestions.body(100_000), world)
                let during = try await senders.send(Self.requests)
                #expect(await !far.isReady())

                proxy.change { ($0.delay, $0.loss) = (.zero, 0) }
                let back = try await eventually("it is ready again") { await far.isReady() }
                _ = try await far.client.post("/process/v1/recommendations", senders.suggestions.body(100_000))
                let after = try await senders.send(Self.requests)

                // Alone it works, however slowly.
                proxy.change { $0.delay = .milliseconds(150) }
                for replica in near { try await replica.stop() }
                try await eventually("it takes work when nobody else lives") {
                    (try? await far.client.post("/process/v1/recommendations", senders.suggestions.body(100_001))) != nil
                }
                proxy.change { $0.delay = .zero }
                let reckoning = try await Reckoning.take(world, from: far.client)
                FaultRun.note(
                    row: 15,
                    "accepted by the others, p50 and p99: \(before) before, \(onset) until it stands aside, \(during) while it "
                        + "does, \(after) after; aside \(noticed.shown) later, back \(back.shown) after healing; \(reckoning)")
                #expect(reckoning.duplicates.isEmpty)
                #expect(reckoning.count("done") + reckoning.count("superseded") == senders.count + 2)
                if FaultRun.isLong { #expect(during.p99 <= max(before.p99, after.p99) * 2) }
                try await far.stop()
            }
            #expect(try await world.auditVerifies())
        }
    }

    /// Nothing is taken in, and the sender is told when to come again.
    private func expectRefusal(by replica: FaultWorld.Replica, _ body: JSONValue, _ world: FaultWorld) async throws {
        let exchange = HTTPClientExchange()
        let headers = [
            (name: "Authorization", value: "Bearer \(world.key)"), (name: "Content-Type", value: "application/json"),
        ]
        let request = WireRequest(
            "POST", replica.client.server + "/process/v1/recommendations", headers: headers, body: try JSON.bytes(of: body),
            timeout: .seconds(30))
        let response = try? await exchange.send(request)
        await exchange.shutdown()
        #expect(response?.status == 503)
        #expect(response?.headers.contains { $0.name.lowercased() == "retry-after" } == true)
    }
}

/// Sends one recommendation after the other, to one replica and the next in turn, and takes the time of each.
private final class Senders {
    struct Latencies: CustomStringConvertible {
        let p50: Duration
        let p99: Duration

        var description: String { "\(Int(p50.inSeconds * 1000)) and \(Int(p99.inSeconds * 1000)) ms" }
    }

    let suggestions: Suggestions
    private let clients: [APIClient]
    private(set) var count = 0

    init(to clients: [APIClient], _ suggestions: Suggestions) {
        self.clients = clients
        self.suggestions = suggestions
    }

    func send(_ requests: Int) async throws -> Latencies {
        var taken: [Duration] = []
        for _ in 0..<requests {
            let start = ContinuousClock.now
            _ = try await clients[count % clients.count].post("/process/v1/recommendations", suggestions.body(count))
            taken.append(ContinuousClock.now - start)
            count += 1
            try await Task.sleep(for: .milliseconds(20))
        }
        taken.sort()
        return Latencies(p50: taken[taken.count / 2], p99: taken[taken.count * 99 / 100])
    }
}
