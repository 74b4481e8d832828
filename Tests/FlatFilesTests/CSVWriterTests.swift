import FlatFiles
import Testing
import Vocabulary

@Suite struct `Written CSV` {
    func readBack(_ bytes: [UInt8], dialect: CSVDialect = CSVDialect(delimiter: UInt8(ascii: ","))) -> [[String]] {
        let reader = CSVReader(dialect, limits: ReadingLimits(recordBytes: 1 << 20))
        bytes.withUnsafeBytes { reader.append($0) }
        reader.finish()
        var rows: [[String]] = []
        while reader.next() == .record { rows.append((0..<reader.fieldCount).map { reader.text($0) ?? "not UTF-8" }) }
        return rows
    }

    func written(_ rows: [[String]]) -> [UInt8] {
        var writer = CSVWriter()
        for row in rows { writer.row(row) }
        return writer.bytes
    }

    @Test(arguments: ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\tx", "\rx", "\n=x", "-", "'=x", "''-1"])
    func `guards what a spreadsheet would run, and reading takes the guard away`(cell: String) {
        let bytes = written([[cell, "x"]])
        let raw = readBack(bytes, dialect: CSVDialect(delimiter: UInt8(ascii: ","), stripsFormulaGuard: false))
        #expect(raw == [["'" + cell, "x"]])
        #expect(readBack(bytes) == [[cell, "x"]])
    }

    @Test(arguments: ["-5", "+5", "-0.25", "5", "", "a=b", "'quoted'", "O'Neil", "3-4"])
    func `leaves plain numbers and words alone`(cell: String) {
        let raw = readBack(written([[cell, "x"]]), dialect: CSVDialect(delimiter: UInt8(ascii: ","), stripsFormulaGuard: false))
        #expect(raw == [[cell, "x"]])
    }

    @Test func `quotes as RFC 4180 has it`() {
        #expect(
            String(decoding: written([["a,b", "say \"x\"", "two\nlines", " edge "]]), as: UTF8.self)
                == "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\" edge \"\r\n")
    }

    @Test func `one empty cell is a row and not a blank line`() {
        #expect(readBack(written([[""], ["x"]])) == [[""], ["x"]])
    }

    @Test func `comes back to the letter, whatever is in it`() {
        let letters = ["a", "\"", ",", ";", "\n", "\r\n", "\r", "\t", "=", "+", "-", "@", "'", " ", "é", "漢", "🚢", "5", "."]
        let chance = Randomness.seeded(4180)
        func pick(_ count: Int) -> Int { Int(chance.next() % UInt64(count)) }
        for _ in 0..<500 {
            let width = 1 + pick(5)
            let rows = (0..<(1 + pick(6))).map { _ in
                (0..<width).map { _ in (0..<pick(7)).map { _ in letters[pick(letters.count)] }.joined() }
            }
            #expect(readBack(written(rows)) == rows)
        }
    }
}
