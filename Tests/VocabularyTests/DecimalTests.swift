import Testing
import Vocabulary

@Suite struct `An exact decimal` {
    @Test(arguments: [
        ("0", 0), ("12", 12_000_000), ("-0.5", -500_000), ("1234.567891", 1_234_567_891), ("+3.10", 3_100_000),
        ("0.0000010000", 1), ("9223372036854.775807", Int64.max), ("-9223372036854.775807", -Int64.max),
    ])
    func `is read to the last digit`(text: String, scaled: Int64) throws {
        #expect(try Quantity(parsing: text, field: "onHand").scaled == scaled)
    }

    @Test(arguments: ["", "-", "1.2.3", "1,5", "0x1F", "1e3", "NaN", " 1", "12 "])
    func `is refused by its field when it is none`(text: String) {
        let fault = #expect(throws: Fault.self) { try Quantity(parsing: text, field: "onHand") }
        #expect(fault?.code == .invalidInput && fault?.violations.first?.field == "onHand")
    }

    @Test func `with more than six decimals is refused, not rounded`() {
        let fault = #expect(throws: Fault.self) { try Money(parsing: "0.1234567", field: "price") }
        #expect(fault?.violations.first?.expected == "at most six decimals")
    }

    @Test(arguments: [0, 1, -1, 999_999, 1_000_000, -1_500_000, Int64.max, -Int64.max])
    func `is written so that it reads back the same`(scaled: Int64) throws {
        let quantity = Quantity(scaled: scaled)
        #expect(try Quantity(parsing: quantity.description, field: "x") == quantity)
        let json = try JSON.text(of: [quantity])
        #expect(try JSON.decode([Quantity].self, from: json) == [quantity])
    }

    @Test func `in JSON may be a string or a number, and a number keeps its digits`() throws {
        let read = try JSON.decode([Quantity].self, from: #"["12.5", 12.5, 0.1, 9223372036854.775807]"#)
        #expect(read.map(\.scaled) == [12_500_000, 12_500_000, 100_000, Int64.max])
    }

    @Test func `never wraps`() {
        #expect(throws: Fault.self) { try Quantity(scaled: .max) + Quantity(scaled: 1) }
        #expect(throws: Fault.self) { try Quantity(scaled: .min) - Quantity(scaled: 1) }
        #expect(throws: Fault.self) { try Quantity(scaled: .max).multiplied(by: Ratio(whole: 2)) }
        #expect(throws: Fault.self) { try Quantity(rounding: 1e300) }
        #expect(throws: Fault.self) { try Quantity(rounding: .nan) }
    }

    @Test(arguments: [Int64(1), 7, 12, 999, 1_000_003], [Int64(1), 3, 7, 12, 64])
    func `times a ratio and back is itself`(numerator: Int64, denominator: Int64) throws {
        let ratio = try Ratio(numerator, denominator)
        let quantity = Quantity(scaled: 720_720_000 * denominator)
        #expect(try quantity.multiplied(by: ratio).multiplied(by: ratio.inverse) == quantity)
    }

    @Test func `is rounded as the caller says`() throws {
        let third = try Ratio(1, 3)
        #expect(try Quantity(scaled: 1).multiplied(by: third, rounding: .up).scaled == 1)
        #expect(try Quantity(scaled: 1).multiplied(by: third, rounding: .down).scaled == 0)
        #expect(try Quantity(scaled: -1).multiplied(by: third, rounding: .down).scaled == -1)
        #expect(try Quantity(scaled: 1).multiplied(by: try Ratio(1, 2)).scaled == 1)
    }
}

@Suite struct `A ratio` {
    @Test func `is kept in lowest terms with a positive denominator`() throws {
        #expect(try Ratio(24, -36) == Ratio(-2, 3))
        #expect(try Ratio(parsing: "0.45359237", field: "factor") == Ratio(45_359_237, 100_000_000))
        #expect(try Ratio(parsing: "5/2", field: "factor").description == "5/2")
    }

    @Test(arguments: ["", "1/0", "a", "1/2/3", "1.2.3", "0.1234567891"])
    func `is refused when it is none`(text: String) {
        #expect(throws: Fault.self) { try Ratio(parsing: text, field: "factor") }
    }
}
