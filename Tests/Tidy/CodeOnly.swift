/// Swift source with everything blanked that is not code.
///
/// Comments, literal strings and backticked names become spaces; the code inside an interpolation stays. The result has
/// the same lines and byte columns as the source, and only ASCII characters.
struct CodeOnly {
    private enum Region {
        /// Code; `closes` counts the parentheses to pass before an interpolation ends, and is nil at file level.
        case code(closes: Int?)
        case string(hashes: Int, multiline: Bool)
    }

    private let bytes: [UInt8]
    private var out: [UInt8] = []
    private var at = 0
    private var regions: [Region] = [.code(closes: nil)]

    static func of(_ text: String) -> String {
        var scan = CodeOnly(text)
        scan.run()
        return String(decoding: scan.out, as: UTF8.self)
    }

    private init(_ text: String) {
        bytes = Array(text.utf8)
        out.reserveCapacity(bytes.count)
    }

    private mutating func run() {
        while at < bytes.count {
            switch regions[regions.count - 1] {
            case .code(let closes): code(closes)
            case .string(let hashes, let multiline): string(hashes, multiline)
            }
        }
    }

    private mutating func code(_ closes: Int?) {
        let byte = bytes[at]
        if byte == UInt8(ascii: "/"), follows("//") {
            while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { blank() }
        } else if byte == UInt8(ascii: "/"), follows("/*") {
            blockComment()
        } else if byte == UInt8(ascii: "`") {
            blank()
            while at < bytes.count, bytes[at] != UInt8(ascii: "`"), bytes[at] != UInt8(ascii: "\n") { blank() }
            if at < bytes.count { blank() }
        } else if let hashes = stringStart() {
            for _ in 0..<hashes { blank() }
            let multiline = follows("\"\"\"")
            for _ in 0..<(multiline ? 3 : 1) { blank() }
            regions.append(.string(hashes: hashes, multiline: multiline))
        } else {
            parenthesis(closes)
        }
    }

    private mutating func parenthesis(_ closes: Int?) {
        let byte = bytes[at]
        if let closes, byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")") {
            let left = closes + (byte == UInt8(ascii: "(") ? 1 : -1)
            regions.removeLast()
            if left > 0 { regions.append(.code(closes: left)) }
        }
        out.append(byte < 128 ? byte : UInt8(ascii: "_"))
        at += 1
    }

    private mutating func string(_ hashes: Int, _ multiline: Bool) {
        let quotes = multiline ? 3 : 1
        let byte = bytes[at]
        if byte == UInt8(ascii: "\""), follows(String(repeating: "\"", count: quotes) + String(repeating: "#", count: hashes)) {
            for _ in 0..<(quotes + hashes) { blank() }
            regions.removeLast()
        } else if byte == UInt8(ascii: "\\"), follows("\\" + String(repeating: "#", count: hashes) + "(") {
            for _ in 0..<(1 + hashes) { blank() }
            out.append(UInt8(ascii: "("))
            at += 1
            regions.append(.code(closes: 1))
        } else if hashes == 0, byte == UInt8(ascii: "\\") {
            blank()
            if at < bytes.count { blank() }
        } else if !multiline, byte == UInt8(ascii: "\n") {
            regions.removeLast()  // not Swift, but not our matter either
        } else {
            blank()
        }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if follows("/*") {
                depth += 1
                blank()
            } else if follows("*/") {
                depth -= 1
                blank()
            }
            blank()
        } while depth > 0 && at < bytes.count
    }

    /// How many `#` come before the quote that starts a string here.
    private func stringStart() -> Int? {
        var quote = at
        while quote < bytes.count, bytes[quote] == UInt8(ascii: "#") { quote += 1 }
        return quote < bytes.count && bytes[quote] == UInt8(ascii: "\"") ? quote - at : nil
    }

    private func follows(_ text: String) -> Bool {
        bytes[at...].starts(with: text.utf8)
    }

    private mutating func blank() {
        guard at < bytes.count else { return }
        out.append(bytes[at] == UInt8(ascii: "\n") ? bytes[at] : UInt8(ascii: " "))
        at += 1
    }
}
