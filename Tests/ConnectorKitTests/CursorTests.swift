import ConnectorKit
import Testing
import Vocabulary

@Suite struct `A cursor` {
    let noon = Instant(microseconds: 1_700_000_000_000_001)

    @Test(arguments: ["", "4711", "a b  c", "ä|%20"]) func `survives being written down`(id: String) throws {
        let cursor = Cursor(time: noon, id: id)
        #expect(try Cursor(parsing: cursor.text) == cursor)
    }

    @Test(arguments: ["", "4711", "yesterday 5"]) func `that is none is refused`(text: String) {
        #expect(throws: Fault.self) { try Cursor(parsing: text) }
    }

    @Test func `goes back by the overlap once a round is over`() {
        let last = Cursor(time: noon, id: "9")
        #expect(last.start(overlap: .seconds(60)) == noon - .seconds(60))
        #expect(Cursor.closing(last, given: nil, overlap: .seconds(60)) == Cursor(time: noon - .seconds(60), id: ""))
    }

    @Test func `stays where it is while nothing comes`() {
        let given = Cursor(time: noon, id: "")
        #expect(Cursor.closing(nil, given: given, overlap: .seconds(60)) == given)
    }

    @Test func `never drifts into the past of an idle source`() {
        var cursor: Cursor?
        let last = Cursor(time: noon, id: "9")
        for _ in 0..<5 { cursor = Cursor.closing(last, given: cursor, overlap: .seconds(60)) }
        #expect(cursor?.time == noon - .seconds(60))
        let beyond = Cursor(time: noon, id: "")
        #expect(Cursor.closing(last, given: beyond, overlap: .seconds(60)) == beyond)
    }
}
