import CanonicalModel
import CanonicalStore
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct `A crosswalk` {
    private func pair(_ external: String, _ canonical: String) -> CrosswalkEntry {
        CrosswalkEntry(system: "erp", subject: .item, externalID: external, canonicalID: canonical)
    }

    @Test(arguments: Backend.available)
    func `translates both ways once its pairs are written down`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            let pairs = [pair("4711", "bolt-m8"), pair("4712", "nut")]
            for _ in 0..<2 {
                try await database.write { try CrosswalkStore.note(pairs, on: $0, at: TestClock.start) }
            }
            let names = try await database.read { try CrosswalkStore.load("erp", on: $0) }
            #expect(names.item("4711") == "bolt-m8")
            #expect(names.externalID(of: ID<Item>("nut")) == "4712")
            #expect(names.location("4711") == "4711")
            #expect(try await database.read { try CrosswalkStore.load("wms", on: $0) }.item("4711") == "4711")
        }
    }

    @Test(arguments: Backend.available)
    func `is read again by those who keep it once it has changed, and only then`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            let shelf = CrosswalkShelf()
            func name(_ external: String) async throws -> ID<Item> {
                try await database.read { try shelf.names(of: "erp", on: $0) }.item(external)
            }
            #expect(try await name("4711") == "4711", "nothing is written down")
            let (first, corrected) = (pair("4711", "bolt-m8"), pair("4711", "nut"))
            try await database.write { try CrosswalkStore.note([first], on: $0, at: TestClock.start) }
            #expect(try await name("4711") == "bolt-m8")
            try await database.write { _ = try $0.run("UPDATE crosswalk SET canonical_id = 'screw'") }
            #expect(try await name("4711") == "bolt-m8", "a change that nobody told of is not looked for")
            try await database.write { _ = try CrosswalkStore.correct(corrected, on: $0, at: TestClock.start) }
            #expect(try await name("4711") == "nut")
            try await database.write { try CrosswalkStore.note([corrected], on: $0, at: TestClock.start) }
            #expect(try await name("4711") == "nut")
        }
    }

    @Test(arguments: Backend.available, [("4711", "nut"), ("4713", "bolt-m8")])
    func `refuses a pair that contradicts one, naming both`(backend: Backend, other: (String, String)) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            let first = pair("4711", "bolt-m8")
            try await database.write { try CrosswalkStore.note([first], on: $0, at: TestClock.start) }
            let second = pair(other.0, other.1)
            let fault = await #expect(throws: Fault.self) {
                try await database.write { try CrosswalkStore.note([second], on: $0, at: TestClock.start) }
            }
            #expect(fault?.code == .conflict)
            let message = try #require(fault?.message)
            for word in ["4711", "bolt-m8", other.0, other.1] { #expect(message.contains(word)) }
        }
    }
}
