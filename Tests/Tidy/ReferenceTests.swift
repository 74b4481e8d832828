import Foundation
import Testing

private let reference = Script(name: "reference")
private let faults = "Sources/Ground/Storage/StorageFaults.swift"
private let settings = "Sources/Connectors/Odoo/OdooConnector.swift"

private let documented = [
    faults: """
    extension Fault.Code {
        /// The disk is full;
        /// nothing was changed.
        package static let storageFull = Self("storage.full")
    }
    let fault = Fault(.storageFull, .review(by: "operations"), "no room")
    extension UnitCode { static let each = Self("C62") }

    """,
    settings: """
    let all = [
        Setting("url", "Where the server is, such as `http://erp`.", standard: "http://localhost"),
        Setting("key", "Whose key it is.", isSecret: true),
    ]

    """,
]

@Suite struct `Every fault and every setting is documented` {
    @Test func `in this project`() throws {
        let findings = try reference.run("--check", on: Repository.ours.root)
        for finding in findings { Issue.record("\(finding)") }
    }

    @Test func `the pages say what the sources say`() throws {
        try withCheckout(documented) { (root: URL) throws in
            #expect(try reference.run(on: root).isEmpty)
            #expect(try reference.run("--check", on: root).isEmpty)
            let pages = Repository(at: root)
            let full = "| `storage.full` | The disk is full; nothing was changed. | a person decides (operations) |"
            #expect(pages.text(of: "docs/reference/faults.md").contains(full))
            #expect(!pages.text(of: "docs/reference/faults.md").contains("C62"))
            #expect(pages.text(of: "docs/reference/settings.md").contains("## Odoo\n"))
            let rows = """
                | `url` | Where the server is, such as `http://erp`. | `http://localhost` |
                | `key` | Whose key it is. | must be given, secret |

                """
            #expect(pages.text(of: "docs/reference/settings.md").hasSuffix(rows))
        }
    }

    @Test func `a page that is behind is caught`() throws {
        try withCheckout(documented) { (root: URL) throws in
            #expect(try reference.run(on: root).isEmpty)
            let changed = documented[faults, default: ""].replacingOccurrences(of: "nothing", with: "not a thing")
            try write(changed, to: faults, in: root)
            let behind = "docs/reference/faults.md:1: does not say what the sources say: run `make reference`"
            #expect(try reference.run("--check", on: root) == [behind])
        }
    }

    @Test(arguments: [
        (faults, "extension Fault.Code {\n    static let a = Self(\"area.bare\")\n}\n", "the fault area.bare has no comment"),
        (faults, "func f() {\n    throw Fault(Fault.Code(\"area.hidden\"), .reject)\n}\n", "the fault area.hidden has no"),
        (
            faults, "extension Fault.Code {\n    /// A fault.\n    static let a = Self(\"Bad\")\n}\n",
            "not have the form area.reason"
        ),
        (settings, "let a = Setting(\"url\", \"\")\n", "the setting \"url\" does not say what it is"),
    ])
    func `one that says nothing is caught`(path: String, text: String, complaint: String) throws {
        try withCheckout([path: text]) { (root: URL) throws in
            #expect(try reference.run(on: root).count { $0.contains(complaint) } == 1)
        }
    }

    @Test func `a fault that is declared twice is caught`() throws {
        let twice = documented.merging(["Sources/Flow/Cycles/Faults.swift": documented[faults, default: ""]]) { $1 }
        try withCheckout(twice) { (root: URL) throws in
            #expect(try reference.run(on: root).count { $0.contains("declared in") } == 1)
        }
    }
}
