import CanonicalModel
import ConnectorKit
import Storage
import TestBackends
import Testing
import Vocabulary

@testable import Replenishment

@Suite struct `A system that misbehaves` {
    @Test(arguments: Backend.available)
    func `Row 16: it fails and is left alone, tried with a question and one action, and sent to again`(
        backend: Backend
    ) async throws {
        try await MoodyWorld.run(on: backend) { world in
            try await world.approve(0..<20)
            let dispatcher = try await world.dispatcher()
            let settlement = Settlement(world.services, lease: dispatcher.lease, logger: dispatcher.logger)
            world.erp.be(.failsAtWriting)
            try await dispatcher.run()
            // What was under way together failed together; nothing more is sent, and nothing is asked.
            #expect(world.erp.arrivals == 8)
            #expect(try await world.standing()?.state == .failing)
            try await dispatcher.run()
            _ = try await settlement.run()
            #expect(world.erp.arrivals == 8 && world.erp.questions == 0)
            #expect(try await world.states() == ["approved": 12, "unknown": 8])
            let told = try #require(try await world.exceptions("systemFailing").first)
            #expect(told.subject == "erp" && told.team == "operations" && told.seen == 1)
            #expect(told.impact?.explanation.hasPrefix("20 actions wait for it.") == true)

            world.erp.be(.away)
            try await world.restIsOver()
            try await dispatcher.run()
            #expect(world.erp.arrivals == 8 && world.erp.questions == 1)
            #expect(try await world.standing()?.trials == 1)

            world.erp.be(.failsAtWriting)
            try await world.restIsOver()
            try await dispatcher.run()
            #expect(world.erp.arrivals == 9 && world.erp.questions == 2)
            #expect(try await world.standing()?.state == .failing)

            world.erp.be(.works)
            try await world.restIsOver()
            try await dispatcher.run()
            #expect(world.erp.arrivals == 10 && world.erp.questions == 3)
            #expect(try await world.standing() == nil)
            #expect(try await world.exceptions("systemFailing").isEmpty)

            for _ in 0..<6 {
                try await world.anHourLater()
                _ = try await settlement.run()
                try await world.anHourLater()
                try await dispatcher.run()
            }
            #expect(try await world.states() == ["done": 20])
            #expect(world.erp.effects == 20 && world.erp.mostEffectsOfOneReference == 1)
        }
    }

    /// An embedded database has one process.
    @Test(arguments: Backend.available.filter { $0 == .postgres })
    func `Row 14: it fails for one replica, whose way to it is cut, and goes on working for another`(
        backend: Backend
    ) async throws {
        try await MoodyWorld.run(on: backend) { world in
            try await world.approve(0..<20)
            let reachable = MoodyERP()
            let cutOff = try await world.dispatcher("cut off")
            world.erp.be(.away)
            try await cutOff.run()
            try await cutOff.run()
            #expect(world.erp.arrivals == 8)
            let other = Dispatcher(
                try world.twin(on: reachable), lease: try await world.flow.lease("other"), logger: world.flow.logger)
            for _ in 0..<6 {
                world.flow.clock.advance(by: .hours(1))
                try await other.run()
            }
            #expect(try await world.states() == ["done": 20])
            #expect(reachable.effects == 20)
            // People are told until the one that was cut off has ended.
            _ = try await TargetReview(world.services).run()
            #expect(try await world.exceptions("systemFailing").count == 1)
            try await cutOff.lease.release()
            _ = try await TargetReview(world.services).run()
            #expect(try await world.exceptions("systemFailing").isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 17: it is left alone as long as it asks, by every replica, and burns no attempts`(backend: Backend) async throws {
        try await MoodyWorld.run(on: backend) { world in
            try await world.approve(0..<10)
            let (first, second) = try await world.dispatchers(backend)
            world.erp.be(.busy(.seconds(3600)))
            try await first.run()
            try await first.run()
            try await second.run()
            #expect(world.erp.arrivals == 8)
            #expect(try await world.states() == ["approved": 10])
            let standing = try await world.standing()
            #expect(standing?.state == .answering && standing?.isResting == true)
            for round in 1...5 {
                try await world.anHourLater()
                world.flow.clock.advance(by: .seconds(10))
                world.erp.be(round < 5 ? .busy(nil) : .works)
                _ = try await world.dispatcher().run()
            }
            #expect(try await world.failures() == 0)
            try await world.anHourLater()
            _ = try await world.dispatcher().run()
            #expect(try await world.states() == ["done": 10])
        }
    }

    @Test(arguments: Backend.available)
    func `Row 17: what it asks for counts for trials and for reviews of what was done as well`(backend: Backend) async throws {
        try await MoodyWorld.run(on: backend) { world in
            try await world.approve(0..<1)
            let dispatcher = try await world.dispatcher()
            try await dispatcher.run()
            #expect(try await world.states() == ["done": 1])
            try await world.approve(1..<20)
            world.erp.be(.failsAtWriting)
            try await dispatcher.run()
            #expect(try await world.standing()?.state == .failing)

            world.erp.be(.works)
            world.flow.clock.advance(by: .hours(2))
            try await world.restIsOver()
            let now = world.services.clock.now()
            try await world.services.database.write { connection in
                try TargetStanding.rest("erp", for: .hours(1), because: "It has asked for it.", on: connection, at: now)
            }
            let (arrivals, looks) = (world.erp.arrivals, world.erp.looks)
            let review = EffectReview(world.services, logger: dispatcher.logger)
            try await dispatcher.run()
            _ = try await review.run(try world.system())
            #expect(world.erp.questions == 0 && world.erp.arrivals == arrivals && world.erp.looks == looks)

            world.flow.clock.advance(by: .hours(1))
            try await dispatcher.run()
            _ = try await review.run(try world.system())
            #expect(world.erp.questions == 1 && world.erp.arrivals > arrivals && world.erp.looks > looks)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 17: it keeps its queue waiting, of which people are told once with what it endangers`(backend: Backend) async throws
    {
        try await MoodyWorld.run(on: backend) { world in
            try await world.approve(0..<3)
            let review = TargetReview(world.services)
            #expect(try await review.run() == 0)
            world.flow.clock.advance(by: .seconds(901))
            #expect(try await review.run() == 1)
            #expect(try await review.run() == 0)
            let told = try #require(try await world.exceptions("queueOld").first)
            #expect(told.subject == "erp" && told.seen == 1 && told.summary.contains("for 15 minutes"))
            #expect(told.impact?.explanation == "3 actions wait for it.")
            try await world.dispatcher().run()
            #expect(try await review.run() == 1)
            #expect(try await world.exceptions("queueOld").isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 16: it is slow and holds up no other`(backend: Backend) async throws {
        try await MoodyWorld.run(on: backend) { world in
            try await world.approve(0..<20)
            try await world.approve(100..<120, at: "west")
            world.erp.be(.stuck)
            let dispatcher = try await world.dispatcher()
            let end = LanesEnd()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for system in world.services.systems.all {
                    group.addTask { await TargetLane(dispatcher, to: system).keepFull { end.hasCome } }
                }
                for _ in 0..<8000 where world.other.effects < 20 || world.erp.arrivals < 8 {
                    try await Task.sleep(for: .milliseconds(5))
                }
                #expect(world.other.effects == 20)
                #expect(world.erp.effects == 0 && world.erp.arrivals == 8)
                end.come()
                // The lanes have seen it, and wait for what is under way.
                try await Task.sleep(for: .milliseconds(300))
                world.erp.be(.works)
                try await group.waitForAll()
            }
            // What was under way when the lanes were told to end was finished, and nothing new was begun.
            #expect(world.erp.effects == 8 && world.erp.arrivals == 8)
            #expect(try await world.states() == ["approved": 12, "done": 28])
        }
    }
}
