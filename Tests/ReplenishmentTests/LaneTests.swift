import CanonicalModel
import ConnectorKit
import Storage
import TestBackends
import Testing
import Vocabulary

@testable import Replenishment

@Suite struct `A lane` {
    private func claim(_ count: Int, in world: MoodyWorld) async throws -> (Dispatcher, [Dispatcher.Dispatch]) {
        try await world.approve(0..<count)
        let dispatcher = try await world.dispatcher()
        let system = try #require(world.services.systems["erp"])
        return (dispatcher, try await dispatcher.claim(for: system, atMost: count).dispatches)
    }

    private func carryOut(_ turns: [LaneTraffic.Turn], by dispatcher: Dispatcher) async {
        await withDiscardingTaskGroup { group in
            for turn in turns { group.addTask { await dispatcher.carryOut(turn.dispatch, in: turn) } }
        }
    }

    @Test(arguments: Backend.available)
    func `claims ahead of its calls while its system answers quickly`(backend: Backend) async throws {
        try await MoodyWorld.run(on: backend, adjust: { $0.inFlight = 2 }) { world in
            try await world.approve(0..<60)
            let (dispatcher, system) = (try await world.dispatcher(), try #require(world.services.systems["erp"]))
            let end = LanesEnd()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await TargetLane(dispatcher, to: system).keepFull { end.hasCome } }
                for _ in 0..<8000 where world.erp.effects < 60 { try await Task.sleep(for: .milliseconds(5)) }
                end.come()
                try await group.waitForAll()
            }
            #expect(world.erp.effects == 60 && world.erp.mostEffectsOfOneReference == 1)
            #expect(try await world.states() == ["done": 60])
            let claims = try await world.services.database.read { connection in
                try connection.value(
                    "SELECT COUNT(DISTINCT seal) FROM event WHERE type = 'plimsoll.recommendation.inflight'", as: Int.self)
            }
            #expect(try #require(claims) < 15)
        }
    }

    @Test(arguments: Backend.available)
    func `calls one after the other where there is one place, and gives back what is left when a call fails`(
        backend: Backend
    ) async throws {
        try await MoodyWorld.run(on: backend) { world in
            let (dispatcher, dispatches) = try await claim(8, in: world)
            let traffic = LaneTraffic(places: 1)
            world.erp.be(.away)
            await carryOut(traffic.admit(dispatches), by: dispatcher)
            #expect(world.erp.arrivals == 1)
            #expect(try await world.states() == ["approved": 8])
            #expect(try await world.failures() == 1)
            world.erp.be(.works)
            world.flow.clock.advance(by: .hours(1))
            while try await dispatcher.run() > 0 {}
            #expect(world.erp.effects == 8 && world.erp.mostEffectsOfOneReference == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `that ends gives back what it has not called`(backend: Backend) async throws {
        try await MoodyWorld.run(on: backend) { world in
            let (dispatcher, dispatches) = try await claim(5, in: world)
            let traffic = LaneTraffic(places: 2)
            let turns = traffic.admit(dispatches)
            traffic.turnBack()
            await carryOut(turns, by: dispatcher)
            #expect(world.erp.arrivals == 0)
            #expect(try await world.states() == ["approved": 5])
            #expect(try await world.failures() == 0)
        }
    }

    @Test func `claims nothing ahead for a system that is slow`() {
        let traffic = LaneTraffic(places: 4)
        #expect(traffic.room(atMost: 200) == 4)
        let document = ExternalDocument(kind: "document", number: "1", externalID: "1")
        for time in [Duration.seconds(60), .seconds(1)] {
            traffic.note(.done(document), lasting: time)
            #expect(traffic.room(atMost: 200) == 4)
        }
        for _ in 0..<100 { traffic.note(.done(document), lasting: .milliseconds(10)) }
        #expect((100...104).contains(traffic.room(atMost: 200)))
        #expect(traffic.room(atMost: 20) == 24)
    }
}
