import CanonicalModel
import EventLog
import Replenishment
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct `A pair of names` {
    private func put(
        _ external: String, _ canonical: String, correcting: Bool = false, _ server: RunningServer
    ) async throws -> RunningServer.Answer {
        try await server.send(
            "PUT", "/system/v1/crosswalk\(correcting ? "?correct=true" : "")",
            #"{"system":"erp","subject":"item","externalID":"\#(external)","canonicalID":"\#(canonical)"}"#,
            key: server.administrator)
    }

    @Test(arguments: Backend.available)
    func `that is wrong is replaced when it is said to be a correction, and the audit keeps both`(backend: Backend) async throws {
        try await RunningServer.during(on: backend) { server in
            #expect(try await put("4711", "bolt", server).status == 200)
            let refused = try await put("4711", "nut", server)
            #expect(refused.status == 409)
            let corrected = try await put("4711", "nut", correcting: true, server)
            #expect(corrected.status == 200)
            let listed = try await server.get("/system/v1/crosswalk?system=erp").text
            #expect(listed.contains("nut") && !listed.contains("bolt"))
            let audit = try await server.database.read { connection in
                try server.flow.audit.records(about: "erp|item|4711", on: connection)
            }
            #expect(audit.map(\.kind) == ["crosswalk.corrected"])
            #expect(audit.first?.body.contains("bolt") == true && audit.first?.body.contains("nut") == true)
        }
    }

    @Test(arguments: Backend.available)
    func `that is right already is no correction`(backend: Backend) async throws {
        try await RunningServer.during(on: backend) { server in
            for _ in 0..<2 {
                let answer = try await put("4711", "bolt", correcting: true, server)
                #expect(answer.status == 200)
            }
            let entries = try await server.database.read { connection in
                try connection.value("SELECT COUNT(*) FROM audit_entry WHERE kind = 'crosswalk.corrected'", as: Int.self)
            }
            #expect(entries == 0)
        }
    }
}
