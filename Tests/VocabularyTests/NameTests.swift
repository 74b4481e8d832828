import Testing
import Vocabulary

private enum Thing {}

@Suite struct `An identifier` {
    @Test(arguments: ["", " bolt", "bolt ", "a\nb", String(repeating: "x", count: 201)])
    func `is refused when nobody could use it`(text: String) {
        #expect(throws: Fault.self) { try ID<Thing>(checking: text, field: "item") }
    }

    @Test func `made of parts keeps them apart`() {
        #expect(ID<Thing>.joining("a|b", "c") != ID<Thing>.joining("a", "b|c"))
        #expect(ID<Thing>.joining("a%7C", "c") != ID<Thing>.joining("a|", "c"))
        #expect(ID<Thing>.joining("bolt", "east").rawValue == "bolt|east")
    }

    @Test func `made by chance sorts by time`() {
        let randomness = Randomness.seeded(1)
        let early = randomness.identifier(at: Instant(microseconds: 1_000_000_000))
        let late = randomness.identifier(at: Instant(microseconds: 1_000_001_000))
        #expect(early < late && early.count == 36 && early != late)
    }
}

@Suite struct `Canonical JSON` {
    private struct Line: Codable, Equatable {
        var quantity: Quantity
        var unit: UnitCode
    }

    private struct Order: Codable {
        var lines: [Line]
    }

    @Test func `names the path of the field that does not fit`() {
        let fault = #expect(throws: Fault.self) {
            try JSON.decode(Order.self, from: #"{"lines": [{"quantity": "1", "unit": "C62"}, {"quantity": "x", "unit": "C62"}]}"#)
        }
        #expect(fault?.violations.first?.field == "lines[1].quantity")
    }

    @Test func `names a field that is missing, and one that is no unit`() {
        let missing = #expect(throws: Fault.self) { try JSON.decode(Order.self, from: #"{"lines": [{"unit": "C62"}]}"#) }
        #expect(missing?.violations.first?.field == "lines[0].quantity")
        let unit = #expect(throws: Fault.self) {
            try JSON.decode(Order.self, from: #"{"lines": [{"quantity": 1, "unit": "piece"}]}"#)
        }
        #expect(unit?.violations.first?.field == "lines[0].unit")
    }

    @Test func `gives equal values equal bytes`() throws {
        #expect(try JSON.text(of: ["b": 1, "a": 2]) == #"{"a":2,"b":1}"#)
        #expect(Digest(of: "abc").rawValue == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
