import Server
import Storage
import StoragePostgres
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

/// The built-in engine's work, shared by processes that know of each other only what is in the database.
@Suite(.enabled(if: Backend.available.contains(.postgres)))
struct `A run of the engine` {
    private static let plan = """
        plans:
          - {name: network, periodDays: 7, horizon: 8, history: 52, season: 52}
        """

    @Test(.timeLimit(.minutes(5)))
    func `Row 49: two servers share it, and one finishes alone what the other had begun when it was killed`() async throws {
        let wish = FaultWorld.Wish(branches: FaultRun.size(22, long: 97), more: Self.plan)
        try await FaultWorld.during(.postgres, wish) { world in
            let first = try await world.replica()
            defer { first.process.endAtOnce() }
            let second = try await world.replica()
            defer { second.process.endAtOnce() }
            let books = try await PostgresDatabase.open(conninfo: world.database)
            let path = try await begin(first.client)
            try await eventually("both have begun chunks of it", every: .milliseconds(5)) {
                try await shares(books).count == 2
            }
            first.process.endAtOnce()
            let begun = try await shares(books)
            var cycle: JSONValue = .null
            let took = try await eventually("the other one has ended it") {
                cycle = try await second.client.get(path)
                return cycle["run.state"].string == "done"
            }
            let chunks = try #require(cycle["run.chunks"].int)
            FaultRun.note(
                row: 49, "\(begun.map(\.done)) of \(chunks) chunks done by two when one was killed, the rest in \(took.shown)")
            #expect(begun.map(\.done).reduce(0, +) < chunks, "It was over before anybody was killed")
            #expect(cycle["run.chunksDone"].int == chunks)
            let expected = try #require(cycle["expected"].int)
            #expect(expected >= world.shelves.count && cycle["run.forecasts"].int == expected)
            #expect(cycle["state"].string == "closed" && cycle["forecast"].int == expected)
            let answers = try await books.read { connection in
                (
                    forecasts: try connection.value("SELECT COUNT(*) FROM forecast", as: Int.self),
                    kept: try connection.value("SELECT COUNT(*) FROM kept_forecast", as: Int.self),
                    advised: try connection.value("SELECT COUNT(*) FROM recommendation", as: Int.self),
                    subjects: try connection.value("SELECT COUNT(DISTINCT order_key) FROM recommendation", as: Int.self)
                )
            }
            #expect(answers.forecasts == expected && answers.kept == expected)
            #expect(answers.advised == answers.subjects && answers.advised == cycle["run.recommendations"].int)
            await books.close()
            try await second.stop()
            #expect(try await world.auditVerifies())
        }
    }

    /// - Returns: where the cycle is found whose run has been begun.
    private func begin(_ client: APIClient) async throws -> String {
        let cycle = try await client.post("/process/v1/cycles", .object(["plan": .string("network")]))
        let path = "/process/v1/cycles/\(escaped(cycle["id"].shown))"
        _ = try await client.post(path + "/run")
        return path
    }

    /// What each process has taken of the run, and done.
    private func shares(_ books: PostgresDatabase) async throws -> [(epoch: Int64, done: Int)] {
        try await books.read { connection in
            try connection.rows(
                """
                SELECT epoch, SUM(CASE WHEN state = 'done' THEN 1 ELSE 0 END) FROM engine_chunk
                WHERE epoch IS NOT NULL GROUP BY epoch ORDER BY epoch
                """
            ) { row in (epoch: try row[0], done: try row[1]) }
        }
    }
}
