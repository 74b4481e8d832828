import Foundation
import Testing

/// What ends the process instead of reporting a fault.
private let ends = [
    (#"\b(?:fatalError|preconditionFailure|assertionFailure)\s*\("#, "throw a Fault"),
    (#"\btry!"#, "let the error pass on"),
    (#"\bas!"#, "use as? and refuse what does not fit"),
]

@Suite struct `Nothing is left unfinished or forced` {
    @Test func `in this project`() throws {
        expectNone(try unfinished(in: .ours))
    }

    @Test(arguments: ["fatalError()", "let a = try! f()", "let b = c as! D", "struct S: @unchecked Sendable {}"])
    func `a forced end is caught`(code: String) throws {
        let files = ["Sources/Flow/Cycles/A.swift": "import Foundation\n\n\(code)\n"]
        #expect(try unfinished(in: Repository(files)).map(\.line) == [3])
    }

    @Test func `a note to do something later is caught`() throws {
        let note = "TO" + "DO"
        #expect(try unfinished(in: Repository(["Tests/CyclesTests/A.swift": "// \(note): the rest"])).count == 1)
        #expect(try unfinished(in: Repository(["docs/concepts/item.md": "\(note) describe"])).count == 1)
    }

    @Test func `an unchecked type that says why is let be`() throws {
        let text = "/// SAFETY: the handle is used on its own thread only.\nfinal class Handle: @unchecked Sendable {}\n"
        #expect(try unfinished(in: Repository(["Sources/Ground/Storage/A.swift": text])).isEmpty)
    }
}

private func unfinished(in repository: Repository) throws -> [Finding] {
    var findings: [Finding] = []
    for path in repository.paths where [".swift", ".md", ".py"].contains(where: { path.hasSuffix($0) }) {
        for note in try repository.text(of: path).matches(#"\b(?:TO"# + #"DO|FIX"# + #"ME|XX"# + #"X)\b"#) {
            findings.append(Finding(path, note.line, "\(note.groups[0]): do it, or write it down where work is planned"))
        }
    }
    for file in repository.swift(below: "Sources") {
        for (pattern, instead) in ends {
            for found in try file.code.matches(pattern) {
                findings.append(Finding(file.path, found.line, "\(found.groups[0]) ends the process: \(instead)"))
            }
        }
        for found in try file.code.matches(#"@unchecked\s+Sendable"#) where !saysWhy(file, above: found.line) {
            let complaint = "@unchecked Sendable needs a comment above it that begins with SAFETY: and says why"
            findings.append(Finding(file.path, found.line, complaint))
        }
    }
    return findings
}

private func saysWhy(_ file: SwiftFile, above line: Int) -> Bool {
    file.lines.prefix(line).suffix(6).contains { $0.contains("SAFETY:") }
}
