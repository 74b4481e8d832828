import Foundation
import Testing

private let migrations = Script(name: "lock-migrations")
private let path = "Sources/Model/CanonicalStore/ItemMigrations.swift"
private let declaration = """
    package let items = [
        Migration("canonical-001-item") {  // the first
            "CREATE TABLE item (id TEXT NOT NULL, note TEXT DEFAULT '}{')"
            "CREATE INDEX item_id ON item (id)"
        }
    ]

    """

@Suite struct `A migration never changes once it is locked` {
    @Test func `in this project`() throws {
        let findings = try migrations.run("--check", on: Repository.ours.root)
        for finding in findings { Issue.record("\(finding)") }
    }

    @Test func `a migration that is not locked is caught, and locking it is enough`() throws {
        try withCheckout([path: declaration, "Tests/Tidy/migrations.lock": ""]) { (root: URL) throws in
            let found = try migrations.run("--check", on: root)
            #expect(found == ["\(path):2: the migration canonical-001-item is not locked: run `make lock-migrations`"])
            #expect(try migrations.run(on: root).isEmpty)
            #expect(try migrations.run("--check", on: root).isEmpty)
        }
    }

    @Test(arguments: ["NOT NULL", "item_id", "}{"])
    func `a changed statement is caught`(part: String) throws {
        try withLocked { (root: URL) throws in
            try write(declaration.replacingOccurrences(of: part, with: "other"), to: path, in: root)
            let found = try migrations.run("--check", on: root)
            #expect(found.count == 1 && found[0].contains("add a new migration"))
        }
    }

    @Test func `a comment or another indentation changes nothing`() throws {
        try withLocked { (root: URL) throws in
            let same = declaration.replacingOccurrences(of: "the first", with: "the very first")
            try write(same.replacingOccurrences(of: "        ", with: "    "), to: path, in: root)
            #expect(try migrations.run("--check", on: root).isEmpty)
        }
    }

    @Test func `a migration that is gone, or there twice, is caught`() throws {
        try withLocked { (root: URL) throws in
            try write("", to: path, in: root)
            #expect(try migrations.run("--check", on: root).count == 1)
            try write(declaration + declaration, to: path, in: root)
            #expect(try migrations.run("--check", on: root).count == 1)
        }
    }
}

private func withLocked(_ work: (URL) throws -> Void) throws {
    try withCheckout([path: declaration, "Tests/Tidy/migrations.lock": ""]) { (root: URL) throws in
        #expect(try migrations.run(on: root).isEmpty)
        try work(root)
    }
}
