import Foundation
import Server
import TestBackends
import Testing

@Suite struct `The doctor` {
    @Test(arguments: Backend.available)
    func `says of a database that was never used that everything is still to come`(backend: Backend) async throws {
        switch backend {
        case .sqlite:
            try await withTemporaryFolder { folder in
                try await expectAllToCome(folder.appending(path: "new.sqlite").path)
            }
        case .postgres:
            try await withPostgresDatabase { conninfo, name in try await expectAllToCome("\(conninfo) dbname=\(name)") }
        }
    }

    @Test(.enabled(if: Backend.available.contains(.postgres)))
    func `names who is at work on a database, and how far each is from it`() async throws {
        try await FaultWorld.during(.postgres) { world in
            try await world.serving(["PLIMSOLL_REPLICA": "atlanta-1"]) { _, _ in
                try await eventually("the first heartbeat with a distance is written") {
                    let text = await self.database(world.database).text
                    return text.contains("up to date; at work: atlanta-1 ") && text.hasSuffix(" ms away")
                }
            }
        }
    }

    private func expectAllToCome(_ database: String) async throws {
        let finding = await self.database(database)
        #expect(finding.isWell && finding.text.hasSuffix("\(Plimsoll.migrations.count) migrations to come at the next start"))
    }

    private func database(_ database: String) async -> (isWell: Bool, text: String) {
        let findings = await Examination.run(path: nil, environment: ["PLIMSOLL_DATABASE": database])
        let finding = findings.first { $0.subject == "database" }
        return (finding?.isWell ?? false, finding?.text ?? "nothing said")
    }
}
