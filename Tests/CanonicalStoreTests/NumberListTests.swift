import Storage
import Testing
import Vocabulary

@testable import CanonicalStore

@Suite struct `Lists of numbers` {
    static let lists: [[Double]] = [
        [], [0], [-0.0], [1, 2.5, 3], [0.1, 1e-7, 1e15, 1e16, 1e100, 123_456_789.123456, -4, 1.0 / 3],
    ]

    @Test(arguments: lists)
    func `are written as the encoder writes them, and read back`(numbers: [Double]) throws {
        #expect(try NumberLists.column(numbers) == .text(try JSON.text(of: numbers)))
        let rows = [numbers, numbers, [1]]
        #expect(try NumberLists.column(rows) == .text(try JSON.text(of: rows)))
        if !numbers.isEmpty {
            #expect(NumberLists.numbers(in: try JSON.text(of: numbers)) == numbers)
            #expect(NumberLists.rows(in: try JSON.text(of: rows)) == rows)
        }
    }

    @Test(arguments: ["[]", "", "[1,]", "[1,x]", "{\"a\":1}", "[[1]]", "[ 1 ]"])
    func `anything else is left to the decoder`(text: String) {
        #expect(NumberLists.numbers(in: text) == nil)
    }

    @Test func `what is no number is refused`() {
        #expect(throws: Fault.self) { try NumberLists.column([1, .nan]) }
    }
}
