import FlatFiles
import Testing
import Vocabulary

@Suite struct `The CSV reader` {
    /// What one record of a file turned out to be.
    enum Read: Hashable, CustomStringConvertible {
        case record(row: Int, line: Int, [String])
        case refused(row: Int, String)

        var description: String {
            switch self {
            case .record(let row, let line, let cells): "\(row)@\(line) \(cells)"
            case .refused(let row, let expected): "\(row) refused: \(expected)"
            }
        }
    }

    /// Reads all of `bytes`, handed over in pieces of `piece` bytes.
    func read(
        _ bytes: [UInt8], piece: Int = .max, dialect: CSVDialect = CSVDialect(), limits: ReadingLimits = ReadingLimits()
    ) -> [Read] {
        let reader = CSVReader(dialect, limits: limits)
        var rest = bytes[...]
        var found: [Read] = []
        while true {
            switch reader.next() {
            case .end: return found
            case .needsInput:
                let chunk = rest.prefix(piece)
                rest = rest.dropFirst(piece)
                if chunk.isEmpty { reader.finish() } else { chunk.withUnsafeBytes { reader.append($0) } }
            case .refused(let expected): found.append(.refused(row: reader.row, expected))
            case .record:
                found.append(
                    .record(row: reader.row, line: reader.line, (0..<reader.fieldCount).map { reader.text($0) ?? "not UTF-8" }))
            }
        }
    }

    func read(_ text: String, piece: Int = .max, limits: ReadingLimits = ReadingLimits()) -> [Read] {
        read(Array(text.utf8), piece: piece, limits: limits)
    }

    @Test(arguments: [1, 2, 3, 7, 1000]) func `reads quotes, doubled quotes, line ends within and CRLF, in pieces of any size`(
        piece: Int
    ) {
        let text = "a,b,c\r\n\"x,\"\"y\"\"\",\"two\r\nlines\",\r\n,,\"\"\nlast,é,\"ü\""
        #expect(
            read(text, piece: piece) == [
                .record(row: 1, line: 1, ["a", "b", "c"]), .record(row: 2, line: 2, ["x,\"y\"", "two\r\nlines", ""]),
                .record(row: 3, line: 4, ["", "", ""]), .record(row: 4, line: 5, ["last", "é", "ü"]),
            ])
    }

    @Test(arguments: [",", ";", "\t"]) func `finds out the delimiter from the header`(delimiter: String) {
        let text = ["item", "name, the; long one"].map { "\"\($0)\"" }.joined(separator: delimiter).replacing(
            "\"item\"", with: "item")
        let rows = read("a\(delimiter)b\(delimiter)c\n\(text)\(delimiter)x\n")
        #expect(
            rows == [.record(row: 1, line: 1, ["a", "b", "c"]), .record(row: 2, line: 2, ["item", "name, the; long one", "x"])])
    }

    @Test func `passes a byte order mark and blank lines, and counts them as a spreadsheet does`() {
        #expect(
            read("\u{feff}a,b\n\n1,2\n\r\n3,4") == [
                .record(row: 1, line: 1, ["a", "b"]), .record(row: 3, line: 3, ["1", "2"]), .record(row: 5, line: 5, ["3", "4"]),
            ])
    }

    @Test func `says of UTF-16 what it is`() {
        #expect(read([0xff, 0xfe, 0x61, 0, 0x2c, 0]) == [.refused(row: 1, "UTF-8 text; this file is UTF-16")])
    }

    @Test func `an empty file has no records`() {
        #expect(read("").isEmpty)
        #expect(read("\u{feff}").isEmpty)
    }

    @Test func `a quotation mark within a field is a letter`() {
        #expect(read("a,b\n1/2\" bolt,5\n").last == .record(row: 2, line: 2, ["1/2\" bolt", "5"]))
    }

    @Test func `refuses what follows a closing quotation mark, and goes on`() {
        let rows = read("a,b\n\"x\"y,1\nz,2\n")
        #expect(rows[1] == .refused(row: 2, "a delimiter or the end of the line behind a closing quotation mark"))
        #expect(rows[2] == .record(row: 3, line: 3, ["z", "2"]))
    }

    @Test(arguments: [1, 5, 1000]) func `a quote that is never closed costs one line`(piece: Int) {
        let rows = read("a,b\n\"x,1\ny,2\nz,3", piece: piece)
        #expect(rows[1] == .refused(row: 2, "a closing quotation mark"))
        #expect(Array(rows[2...]) == [.record(row: 3, line: 3, ["y", "2"]), .record(row: 4, line: 4, ["z", "3"])])
    }

    @Test(arguments: [1, 64, 100_000]) func `a record beyond the limit is refused alone`(piece: Int) {
        let long = String(repeating: "x", count: 500)
        let rows = read("a,b\n\(long),1\nz,2\n", piece: piece, limits: ReadingLimits(recordBytes: 100))
        #expect(rows[1] == .refused(row: 2, "a record of at most 100 bytes"))
        #expect(Array(rows[2...]) == [.record(row: 3, line: 3, ["z", "2"])])
    }

    @Test func `an open quote before a long file does not swallow it`() {
        let text = "a,b\n\"x,1\n" + (0..<1000).map { "y\($0),2\n" }.joined()
        let rows = read(text, limits: ReadingLimits(recordBytes: 200))
        #expect(rows.count == 1002)
        #expect(rows[2] == .record(row: 3, line: 3, ["y0", "2"]))
    }

    @Test func `a line of a million columns is refused in little memory and time`() {
        let text = "a,b\n" + String(repeating: ",", count: 1_000_000) + "\nz,2\n"
        let rows = read(text, piece: 1 << 16)
        #expect(rows.count == 3)
        #expect(rows[1] == .refused(row: 2, "a record of at most 65536 bytes"))
        #expect(rows[2] == .record(row: 3, line: 3, ["z", "2"]))
        let wide = read(text, limits: ReadingLimits(recordBytes: 2_000_000))
        #expect(wide[1] == .refused(row: 2, "at most 1000 columns (it has 1000001)"))
    }

    @Test func `says which field is not UTF-8`() {
        #expect(read(Array("a,b\n1,".utf8) + [0xe4, 0x0a]).last == .record(row: 2, line: 2, ["1", "not UTF-8"]))
    }
}
