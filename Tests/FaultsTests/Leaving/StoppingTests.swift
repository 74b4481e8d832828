import Foundation
import Server
import Testing
import TestBackends
import Vocabulary

@testable import plimsoll

@Suite(.serialized) struct `A server that is told to stop` {
    @Test(.timeLimit(.minutes(2)), arguments: Backend.available)
    func `Row 33: it finishes the calls under way, begins no others, and leaves nothing behind`(backend: Backend) async throws {
        try await FaultWorld.during(backend) { world in
            let server = try await world.replica()
            defer { server.process.endAtOnce() }
            try await world.misbehave(["mode": .string("slow"), "seconds": .number(3), "routes": .list([.string("writes")])])
            let suggestions = Suggestions(world, on: .system)
            let before = try await world.total("arrivals")
            for number in 0..<12 { _ = try await server.client.post("/process/v1/recommendations", suggestions.body(number)) }
            try await eventually("eight calls are under way") { try await world.total("arrivals") - before == 8 }
            let began = ContinuousClock.now
            try await server.stop()
            let took = ContinuousClock.now - began
            #expect(took < .seconds(20), "It took \(took)")
            #expect(try await world.total("arrivals") - before == 8)

            try await world.misbehave(["mode": .string("ok")])
            let heir = try await world.replica()
            defer { heir.process.endAtOnce() }
            let reckoning = try await Reckoning.take(world, from: heir.client)
            // Nothing had to be read back: each was sent once.
            #expect(reckoning.arrivals == 12 && reckoning.count("done") == 12, "\(reckoning)")
            try await heir.stop()
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `Row 33: it cuts off what takes too long, and another replica takes over at once`() async throws {
        let backend = Backend.available.last ?? .sqlite
        try await FaultWorld.during(backend, FaultWorld.Wish(flow: "{drainSeconds: 1}")) { world in
            let server = try await world.replica()
            defer { server.process.endAtOnce() }
            try await world.misbehave(["mode": .string("slow"), "seconds": .number(20), "routes": .list([.string("writes")])])
            let suggestions = Suggestions(world, on: .system)
            let before = try await world.total("arrivals")
            for number in 0..<4 { _ = try await server.client.post("/process/v1/recommendations", suggestions.body(number)) }
            try await eventually("four calls are under way") { try await world.total("arrivals") - before == 4 }
            let began = ContinuousClock.now
            try await server.stop()
            #expect(ContinuousClock.now - began < .seconds(18))
            // The ERP goes on with what it was asked, whether or not anybody waits for the answer.
            try await eventually("four effects are there") { try await world.total("effects") - world.earlier == 4 }
            try await world.misbehave(["mode": .string("ok")])
            let heir = try await world.replica()
            defer { heir.process.endAtOnce() }
            let reckoning = try await Reckoning.take(world, from: heir.client)
            #expect(reckoning.count("done") == 4 && reckoning.duplicates.isEmpty, "\(reckoning)")
            try await heir.stop()
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `Row 33: it says that it is not ready while it still answers`() async throws {
        try await FaultWorld.during(.sqlite, FaultWorld.Wish(more: "http: {lingerSeconds: 2}")) { world in
            let server = try await world.replica()
            defer { server.process.endAtOnce() }
            _ = try await server.client.get("/readyz")
            server.process.tellToStop()
            try await eventually("it is not ready") {
                do {
                    _ = try await server.client.get("/readyz")
                    return false
                } catch let failure as CommandFailure {
                    return failure.message.contains("503")
                }
            }
            let receipt = try await server.client.post("/process/v1/recommendations", Suggestions(world, on: .system).body(0))
            #expect(receipt != .null)
            try await server.stop()
        }
    }
}
