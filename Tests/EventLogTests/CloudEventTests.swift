import EventLog
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct CloudEventTests {
    private func read(_ json: String) throws(Fault) -> CloudEvent { try CloudEvent(json: json.utf8) }

    private func violations(_ json: String) -> [String] {
        do {
            _ = try read(json)
            return []
        } catch {
            return error.violations.map(\.field)
        }
    }

    @Test func `An event of the log leaves in an envelope that reads back the same`() async throws {
        try await Backend.sqlite.withDatabase(migrations: eventLogMigrations, inMemory: true) { database in
            let new = try NewEvent(
                type: "test.happened", subject: "DC-1|I-7", data: Happened(number: 7), source: "/systems/erpEast", key: "I-7",
                trace: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
            try await database.write { _ = try EventLog.forTests.append([new], on: $0, at: TestClock.start) }
            let events = try await database.read { try EventLog.forTests.events(after: 0, limit: 1, on: $0) }
            let event = try #require(events.first)
            let json = try event.cloudEvent
            #expect(
                json == """
                    {"data":{"number":7},"datacontenttype":"application/json","id":"\(event.id)","partitionkey":"I-7",\
                    "sequence":"1","source":"/systems/erpEast","specversion":"1.0","subject":"DC-1|I-7",\
                    "time":"2026-03-02T08:00:00Z","traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",\
                    "type":"test.happened"}
                    """)
            #expect(try read(json) == CloudEvent(event))
        }
    }

    @Test func `Attributes that the specification allows are taken`() throws {
        let event = try read(
            """
            {"specversion": "1.0", "id": "1", "source": "urn:x", "type": "t", "subject": null, "data_base64": "AAEC",
             "dataschema": "https://example.org/s", "datacontenttype": "application/octet-stream", "flag": true, "count": -3}
            """)
        #expect(event.subject == nil)
        #expect(event.data == .bytes([0, 1, 2]))
        #expect(event.extensions == ["flag": .boolean(true), "count": .integer(-3)])
        #expect(try read(event.json) == event)
        #expect(try read(#"{"specversion":"1.0","id":"1","source":"s","type":"t","data":null}"#).data == .json("null"))
        #expect(try read(#"{"specversion":"1.0","id":"1","source":"s","type":"t"}"#).data == .none)
    }

    @Test(arguments: [
        (#"{}"#, ["specversion", "id", "source", "type"]),
        (#"{"specversion":"0.3","id":"1","source":"s","type":"t"}"#, ["specversion"]),
        (#"{"specversion":1.0,"id":1,"source":"s","type":""}"#, ["specversion", "id", "type"]),
        (#"{"specversion":"1.0","id":"1","source":"a b","type":"t"}"#, ["source"]),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","time":"yesterday"}"#, ["time"]),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","subject":""}"#, ["subject"]),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","dataschema":"relative"}"#, ["dataschema"]),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data":1,"data_base64":"AA=="}"#, ["data_base64"]),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"?"}"#, ["data_base64"]),
        (
            #"{"specversion":"1.0","id":"1","source":"s","type":"t","Upper":"x","list":[1],"big":4294967296}"#,
            ["Upper", "big", "list"]
        ),
        (#"[]"#, ["body"]),
        (#"{"id":"#, ["body"]),
    ])
    func `Every attribute that is wrong is named`(json: String, fields: [String]) {
        #expect(violations(json) == fields)
    }

    @Test func `One bad event keeps no other out of a batch`() throws {
        let good = #"{"specversion":"1.0","id":"1","source":"s","type":"t"}"#
        let (events, refused) = try CloudEvent.batch(json: "[\(good),{\"id\":\"2\"},\(good)]".utf8)
        #expect(events.map(\.row) == [1, 3])
        #expect(Set(refused.map(\.row)) == [2])
        #expect(refused.map(\.field) == ["specversion", "source", "type"])
        #expect(try CloudEvent.batch(json: "[]".utf8).events.isEmpty)
    }

    @Test func `A new event that no envelope could hold is refused`() {
        #expect(throws: Fault.self) { try NewEvent(type: "", subject: "s", data: 1, source: "/s") }
        #expect(throws: Fault.self) { try NewEvent(type: "t", subject: "a\u{7}", data: 1, source: "/s") }
        #expect(throws: Fault.self) { try NewEvent(type: "t", subject: "s", data: 1, source: "/a b") }
    }
}
