import Foundation
import Testing

private let fileLimit = 400
private let functionLimit = 50
private let columnLimit = 130

@Suite struct `Files, functions and lines stay short` {
    @Test func `in this project`() throws {
        expectNone(try lengths(in: .ours))
    }

    @Test func `a file of 401 lines is caught`() throws {
        let long = Repository(["Sources/Ground/Vocabulary/Long.swift": String(repeating: "// a line\n", count: 401)])
        #expect(try lengths(in: long).map(\.complaint) == ["has 401 lines, and 400 are the limit"])
    }

    @Test func `a line of 131 columns is caught with its number`() throws {
        let wide = Repository(["scripts/wide": "#!/bin/sh\n" + String(repeating: "é", count: 131) + "\n"])
        #expect(try lengths(in: wide).map(\.description) == ["scripts/wide:2: has 131 columns, and 130 are the limit"])
    }

    @Test(arguments: [
        "func long() {", "init(\n    first: Int = { 3 }()\n) throws {", "static func < (a: A, b: A) -> Bool\nwhere A: B {",
    ])
    func `a function of 51 lines is caught`(head: String) throws {
        let body = String(repeating: "x()\n", count: 50 - head.split(separator: "\n").count)
        let text = "struct A {\n    func short() { if true { work() } }\n\(head)\n\(body)}\n}\n"
        let findings = try lengths(in: Repository(["Sources/A.swift": text]))
        #expect(findings.map(\.description) == ["Sources/A.swift:3: this function has 51 lines, and 50 are the limit"])
    }

    @Test func `a requirement of a protocol has no length`() throws {
        let members = String(repeating: "let x = 1\n", count: 60)
        let text = "protocol P {\n    func a() throws\n    init(b: Int)\n}\nstruct S {\n\(members)}\n"
        #expect(try lengths(in: Repository(["Sources/Ground/Vocabulary/P.swift": text])).isEmpty)
    }

    @Test func `braces in strings and comments do not count`() throws {
        let text = "func a() {\n    let s = \"{ \\(b(\"}\")) {\" // {\n}\n" + String(repeating: "// x\n", count: 60)
        #expect(try lengths(in: Repository(["Sources/Ground/Vocabulary/S.swift": text])).isEmpty)
    }
}

private func lengths(in repository: Repository) throws -> [Finding] {
    var findings: [Finding] = []
    for path in repository.paths where isProgram(path) {
        let text = repository.text(of: path)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(text.hasSuffix("\n") ? 1 : 0)
        if lines.count > fileLimit {
            findings.append(Finding(path, 1, "has \(lines.count) lines, and \(fileLimit) are the limit"))
        }
        for (index, line) in lines.enumerated() where line.utf8.count > columnLimit && line.count > columnLimit {
            findings.append(Finding(path, index + 1, "has \(line.count) columns, and \(columnLimit) are the limit"))
        }
    }
    return try findings + repository.swiftFiles.flatMap(functionLengths)
}

/// What people write and others run: Swift, and the scripts around it.
private func isProgram(_ path: String) -> Bool {
    guard path.hasPrefix("Sources/") || path.hasPrefix("Tests/") || path.hasPrefix("scripts/") || path == "Package.swift" else {
        return false
    }
    let name = path.split(separator: "/").last ?? ""
    return name.hasSuffix(".swift") || name.hasSuffix(".py") || (path.hasPrefix("scripts/") && !name.contains("."))
}

private func functionLengths(in file: SwiftFile) throws -> [Finding] {
    let code = Array(file.code.utf8)
    return try file.code.matches(#"(?<![.\w])(?:func\b|init[?!]?\s*[(<]|deinit\b|subscript\b)"#).compactMap { head in
        guard let body = bodyStart(in: code, from: head.end - 1), let end = bodyEnd(in: code, from: body) else { return nil }
        let lines = code[(head.end - 1)...end].count { $0 == UInt8(ascii: "\n") } + 1
        guard lines > functionLimit else { return nil }
        return Finding(file.path, head.line, "this function has \(lines) lines, and \(functionLimit) are the limit")
    }
}

/// Where the body's brace opens; nil when the next declaration or the enclosing brace comes first.
private func bodyStart(in code: [UInt8], from start: Int) -> Int? {
    var depth = 0
    var word: [UInt8] = []
    for at in start..<code.count {
        let byte = code[at]
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
        case UInt8(ascii: "{") where depth == 0: return at
        case UInt8(ascii: "}") where depth == 0: return nil
        default: break
        }
        if (byte | 0x20) >= UInt8(ascii: "a"), (byte | 0x20) <= UInt8(ascii: "z") {
            word.append(byte)
        } else {
            if depth == 0, declares(word) { return nil }
            word = []
        }
    }
    return nil
}

private func declares(_ word: [UInt8]) -> Bool {
    ["func", "var", "let", "init", "case", "struct", "enum", "static", "mutating", "associatedtype", "subscript", "extension"]
        .contains { Array($0.utf8) == word }
}

private func bodyEnd(in code: [UInt8], from start: Int) -> Int? {
    var depth = 0
    for at in start..<code.count {
        if code[at] == UInt8(ascii: "{") { depth += 1 }
        if code[at] == UInt8(ascii: "}") { depth -= 1 }
        if depth == 0 { return at }
    }
    return nil
}
