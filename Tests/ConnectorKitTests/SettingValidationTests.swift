import ConnectorKit
import Testing
import Vocabulary

@Suite struct `The settings of a connector` {
    let manifest = Manifest(
        name: "erp", summary: "An ERP.",
        settings: [
            Setting("address", "where it answers"), Setting("user", "who we are there"),
            Setting("password", "that user's", isSecret: true), Setting("pageSize", "rows a request", standard: "500"),
        ],
        feeds: [:], capabilities: [:])

    @Test func `are complained about all at once`() {
        let found = manifest.validate(["adress": "x", "user": "", "pagesize": "7", "colour": "red"])
        #expect(found.map(\.field) == ["address", "user", "password", "adress", "colour", "pagesize"])
        #expect(found[3].expected.contains("did you mean address?"))
        #expect(!found[4].expected.contains("did you mean"))
        #expect(found[5].expected.contains("did you mean pageSize?"))
    }

    @Test func `never show a value that may be a secret under a mistyped name`() {
        let found = manifest.validate(["address": "x", "user": "u", "password": "p", "passwrod": "geheim"])
        #expect(found.count == 1)
        #expect(!found.description.contains("geheim"))
    }

    @Test func `get their standard values`() throws {
        let values = try manifest.values(["address": "x", "user": "u", "password": "p"])
        #expect(values["pageSize"] == "500")
        #expect(try values.text("address") == "x")
    }

    @Test func `that are wrong make no connector`() {
        let fault = #expect(throws: Fault.self) { try manifest.values([:]) }
        #expect(fault?.violations.count == 3)
    }

    @Test(arguments: [
        ("quantiy", "quantity"), ("Quantity", "quantity"), ("loaction", "location"), ("qty", nil), ("", nil), ("itm", "item"),
    ])
    func `suggest the nearest name, or none`(written: String, meant: String?) {
        #expect(nearestName(to: written, among: ["item", "location", "quantity"]) == meant)
    }
}
