import CanonicalModel
import Cycles
import Gateway
import Governance
import Replenishment
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct `API keys are known by their digests only` {
    @Test(arguments: Backend.available)
    func `no table holds the key itself`(backend: Backend) async throws {
        try await RunningServer.during(on: backend) { server in
            let body = #"{"name":"robot","person":"robot","roles":["viewer"],"regions":["emea"]}"#
            let made = try await server.post("/process/v1/api-keys", body, headers: ["Idempotency-Key": "once"])
            let key = try made.decoded(MadeKey.self).key
            #expect(key.hasPrefix("plm_") && key.count == 47)
            #expect(try await server.get("/system/v1/systems", as: key).status == 200)
            let secrets = [key, server.administrator]
            for (table, columns) in try await tables(server) {
                let texts = try await server.database.read { connection in
                    try columns.flatMap { column in
                        try connection.values(
                            "SELECT COALESCE(CAST(\(identifier: column) AS TEXT), '') FROM \(identifier: table)", as: String.self)
                    }
                }
                #expect(!texts.contains { text in secrets.contains { text.contains($0) } }, "\(table)")
            }
            let digests = try await server.database.read { connection in
                try connection.values("SELECT digest FROM api_key", as: Digest.self)
            }
            #expect(Set(digests) == Set(secrets.map { Digest(of: $0) }))
            #expect(!(try await server.get("/process/v1/api-keys")).text.contains(digests[0].rawValue))
        }
    }

    /// The tables that an answer or an audit entry could have carried a key into.
    private func tables(_ server: RunningServer) async throws -> [(String, [String])] {
        [
            ("api_key", ["id", "name", "person", "digest", "roles", "scope"]),
            ("idempotency_key", ["principal", "key", "digest", "media_type", "body"]),
            ("audit_entry", ["kind", "subject", "actor", "body"]), ("event", ["type", "subject", "source", "data"]),
        ]
    }

    @Test func `the first key is made once`() async throws {
        try await RunningServer.during { server in
            #expect(!server.administrator.isEmpty)
            #expect(try await server.gateway.identities.bootstrap(at: server.clock.now) == nil)
            let entries = try await server.gateway.identities.list()
            #expect(entries.map(\.roles) == [[.administrator]])
        }
    }

    @Test func `an administrator has no scope`() async throws {
        try await RunningServer.during { server in
            let answer = try await server.post(
                "/process/v1/api-keys", #"{"name":"x","person":"x","roles":["administrator"],"regions":["emea"]}"#)
            #expect(answer.status == 422)
            #expect(answer.problem?.violations?.first?.field == "scope")
        }
    }

    @Test func `the use of a key is noted to the minute`() async throws {
        try await RunningServer.during { server in
            let key = try await server.key([.viewer])
            _ = try await server.get("/system/v1/systems", as: key)
            server.clock.advance(by: .seconds(30))
            _ = try await server.get("/system/v1/systems", as: key)
            let used = try await server.gateway.identities.list().last?.lastUsedAt
            #expect(used == TestClock.start)
            server.clock.advance(by: .seconds(31))
            _ = try await server.get("/system/v1/systems", as: key)
            #expect(try await server.gateway.identities.list().last?.lastUsedAt == server.clock.now)
        }
    }
}
