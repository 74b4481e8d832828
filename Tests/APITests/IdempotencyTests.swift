import CanonicalModel
import Cycles
import Gateway
import Governance
import Replenishment
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct `A repeated request with the same key is done once` {
    private static let plans = [CyclePlan(name: "network")]

    @Test(arguments: Backend.available)
    func `it is given the first answer`(backend: Backend) async throws {
        try await RunningServer.during(on: backend, plans: Self.plans) { server in
            let first = try await server.post(
                "/process/v1/cycles", #"{"plan":"network"}"#, headers: ["Idempotency-Key": "k1"])
            #expect(first.status == 201)
            #expect(first.headers["idempotency-replayed"] == nil)
            let again = try await server.post(
                "/process/v1/cycles", #"{"plan":"network"}"#, headers: ["Idempotency-Key": "k1"])
            #expect(again.status == 201)
            #expect(again.text == first.text)
            #expect(again.headers["idempotency-replayed"] == "true")
            let other = try await server.post("/process/v1/cycles", #"{"plan":"other"}"#, headers: ["Idempotency-Key": "k1"])
            #expect(other.status == 422)
            #expect(other.problem?.code == "gateway.idempotencyKeyReused")
            let without = try await server.post("/process/v1/cycles", #"{"plan":"network"}"#)
            #expect(without.status == 409)
        }
    }

    @Test(arguments: Backend.available)
    func `of many at once one is carried out`(backend: Backend) async throws {
        try await RunningServer.during(on: backend, plans: Self.plans) { server in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await server.post(
                            "/process/v1/cycles", #"{"plan":"network"}"#, headers: ["Idempotency-Key": "k"]
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            // Each is the answer, or told that somebody else is at it; nobody is told that a cycle is running already.
            #expect(statuses.allSatisfy { $0 == 201 || $0 == 409 })
            #expect(statuses.contains(201))
            let count = try await server.database.read { connection in
                try connection.value("SELECT COUNT(*) FROM cycle_run", as: Int.self)
            }
            #expect(count == 1)
            let later = try await server.post(
                "/process/v1/cycles", #"{"plan":"network"}"#, headers: ["Idempotency-Key": "k"])
            #expect(later.status == 201)
        }
    }

    @Test func `keys of two callers do not meet, and end with their time`() async throws {
        try await RunningServer.during(plans: Self.plans) { server in
            let planner = try await server.key([.planner])
            _ = try await server.post("/process/v1/cycles", #"{"plan":"network"}"#, headers: ["Idempotency-Key": "k"])
            let other = try await server.post(
                "/process/v1/cycles", #"{"plan":"network"}"#, as: planner, headers: ["Idempotency-Key": "k"])
            #expect(other.status == 409)
            #expect(other.headers["idempotency-replayed"] == nil)
            let remembered = try await server.post(
                "/process/v1/cycles", #"{"plan":"network"}"#, as: planner, headers: ["Idempotency-Key": "k"])
            #expect(remembered.status == 409)
            #expect(remembered.headers["idempotency-replayed"] == "true")
            server.clock.advance(by: .hours(25))
            let anew = try await server.post(
                "/process/v1/cycles", #"{"plan":"network"}"#, headers: ["Idempotency-Key": "k"])
            #expect(anew.status == 409)
            #expect(anew.headers["idempotency-replayed"] == nil)
        }
    }

    @Test func `a request that nobody finished is taken up again`() async throws {
        try await RunningServer.during(plans: Self.plans) { server in
            let key = try #require(try await server.gateway.identities.list().first?.id)
            _ = try await server.post("/process/v1/cycles", #"{"plan":"nowhere"}"#, headers: ["Idempotency-Key": "k"])
            try await server.database.write { connection in
                _ = try connection.run("UPDATE idempotency_key SET status = NULL WHERE principal = \(key)")
            }
            try await server.claim(heldFor: .seconds(15))
            let busy = try await server.post("/process/v1/cycles", #"{"plan":"nowhere"}"#, headers: ["Idempotency-Key": "k"])
            #expect(busy.status == 409)
            #expect(busy.problem?.code == "gateway.inProgress")
            #expect(busy.headers["retry-after"] != nil)
            // The process that carried it out has died: its claim is not renewed, and ends.
            try await server.claim(heldFor: .zero)
            let taken = try await server.post("/process/v1/cycles", #"{"plan":"nowhere"}"#, headers: ["Idempotency-Key": "k"])
            #expect(taken.status == 422)
        }
    }
}

extension RunningServer {
    fileprivate func claim(heldFor duration: Duration) async throws {
        _ = try await database.write { connection in
            try connection.run("UPDATE idempotency_key SET lease_until = \(.now) + \(duration.microseconds)")
        }
    }
}
