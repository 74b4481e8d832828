import ConnectorKit
import Testing
import Vocabulary

@testable import Tryton

@Suite struct `Tryton's values` {
    @Test func `keep the text of their numbers`() throws {
        let value = try RPCValue(json: Array(#"{"a":[0.10000000000000001,-2.5e-07,null,true],"b":"\u00e9\ud83d\ude00\n"}"#.utf8))
        #expect(value.members?["a"] == [.number("0.10000000000000001"), .number("-2.5e-07"), .null, true])
        #expect(value.members?["b"] == "é😀\n")
    }

    @Test(arguments: ["{", "[1,]", "{\"a\" 1}", "\"abc", "nul", "1 2", "[\"\\x\"]", ""])
    func `that are not JSON are refused`(text: String) {
        #expect(throws: Fault.self) { try RPCValue(json: Array(text.utf8)) }
    }

    @Test func `are written with their classes`() throws {
        let date = try #require(BusinessDate(year: 2026, month: 11, day: 2))
        #expect(RPCValue.date(date).json == #"{"__class__":"date","day":2,"month":11,"year":2026}"#)
        #expect(RPCValue.decimal(Money(scaled: 5_270_000)).json == #"{"__class__":"Decimal","decimal":"5.27"}"#)
        #expect(RPCValue.float(Quantity(48)).json == "48.0")
        let instant = try Instant(parsing: "2026-11-02T06:07:08.000009Z", field: "i")
        #expect(RPCValue.datetime(instant).json.contains(#""hour":6,"microsecond":9,"minute":7,"month":11,"second":8"#))
    }

    @Test(arguments: [
        ("51.0", "51"), ("0.1", "0.1"), ("1e-05", "0.00001"), ("1.5e+3", "1500"), ("-2.25", "-2.25"),
        ("0.30000000000000004", "0.3"), ("123456789.10000001", "123456789.1"), ("2.7755575615628914e-17", "0"),
    ])
    func `are quantities when they have six decimals, or noise behind them`(text: String, expected: String) throws {
        #expect(try Quantity(float: text, field: "q").description == expected)
    }

    @Test(arguments: ["0.3333333333333333", "1.0000005", "1e40", "abc"])
    func `are refused when they would have to be rounded`(text: String) {
        #expect(throws: Fault.self) { try Quantity(float: text, field: "q") }
    }

    @Test(arguments: [
        ("12.0", "0.083333333333", "1.0", "1.0", "12"), ("0.001", "1000.0", "1.0", "1.0", "1/1000"),
        ("0.028349523125", "35.27396194958", "0.45359237", "2.204622621849", "1/16"),
        ("0.000277777778", "3600.0", "24.0", "0.041666666667", "1/86400"),
    ])
    func `convert units by the factor that is exact`(
        factor: String, rate: String, base: String, baseRate: String, expected: String
    ) throws {
        let record = try Record(
            [
                "unit.": ["id": 2, "factor": .number(factor), "rate": .number(rate)],
                "base.": ["id": 1, "factor": .number(base), "rate": .number(baseRate)],
            ], of: "product.product")
        #expect(try UnitRatio.of("unit", in: "base", record: record).description == expected)
    }

    @Test func `name the unit that has no code`() throws {
        let fault = #expect(throws: Fault.self) { try UnitTable().code(of: "cs12", field: "default_uom.symbol") }
        #expect(fault?.violations.first?.found == "cs12")
        #expect(try UnitTable(own: ["cs12": "CS"]).code(of: "cs12", field: "u") == "CS")
        #expect(try UnitTable().code(of: "u", field: "u") == "C62")
    }
}

@Suite struct `A feed round` {
    @Test func `begins again where the last began, less the overlap`() throws {
        let start = try Instant(parsing: "2026-11-02T08:00:00Z", field: "s")
        var round = try FeedRound(after: nil, serverNow: start)
        #expect(round.since == nil && round.modified("last_modified_at").isEmpty)
        round.stage = 1
        round.lastID = 4711
        let resumed = try FeedRound(after: round.cursor, serverNow: start + .hours(1))
        #expect(resumed.stage == 1 && resumed.lastID == 4711 && resumed.since == nil && resumed.startedAt == start)
        let next = try FeedRound(after: resumed.closing(overlap: .seconds(120)), serverNow: start + .hours(2))
        #expect(next.since == start - .seconds(120) && next.lastID == 0)
        #expect(next.modified("a", "b").first?.json.contains(#""hour":7,"microsecond":0,"minute":58"#) == true)
    }

    @Test func `refuses a cursor of another connector`() {
        #expect(throws: Fault.self) { try FeedRound(after: .init(time: .epoch, id: "x"), serverNow: .epoch) }
    }
}
