import Foundation
import Testing

/// Where a program would read the time or roll dice behind our back: the pattern, and what to do instead.
private let hidden = [
    (#"\bDate\s*\(\s*\)"#, "a WallClock is passed in"),
    (#"\bDate\s*\(\s*timeIntervalSinceNow"#, "a WallClock is passed in"),
    (#"\b(?:Date|Instant|DispatchTime|DispatchWallTime)\s*\.\s*now\b"#, "a WallClock is passed in"),
    (#"\b(?:clock_gettime|gettimeofday|CFAbsoluteTimeGetCurrent)\b"#, "a WallClock is passed in"),
    (#"\btime\s*\(\s*nil\s*\)"#, "a WallClock is passed in"),
    (#"\b(?:ContinuousClock|SuspendingClock)\b"#, "a WallClock is passed in"),
    (#"\bSystemRandomNumberGenerator\b"#, "a Randomness is passed in"),
    (#"\.(?:random|shuffled|shuffle|randomElement)\s*\((?![^()]*\busing:)"#, "a Randomness is passed in"),
    (#"\b(?:arc4random\w*|drand48|rand)\s*\("#, "a Randomness is passed in"),
    (#"\bUUID\s*\(\s*\)"#, "Randomness makes identifiers"),
]

/// Places outside the composition root that must read them, with the reason.
private let allowances: [Allowance] = []

@Suite struct `Time and chance are passed in` {
    @Test func `in this project`() throws {
        expectNone(try hiddenTimeAndChance(in: .ours, allowing: allowances))
    }

    @Test(arguments: [
        "let now = Date()", "let now = Date.now", "let now: Instant = Instant.now", "clock_gettime(CLOCK_REALTIME, &spec)",
        "let seconds = time(nil)", "let clock = ContinuousClock()", "var dice = SystemRandomNumberGenerator()",
        "let n = Int.random(in: 1...6)", "let id = UUID()", "let name = \"\\(UUID().uuidString)\"", "items.shuffled()",
    ])
    func `a hidden source is caught with its line`(code: String) throws {
        let files = ["Sources/Flow/Cycles/A.swift": "import Foundation\n\(code)\n"]
        #expect(try hiddenTimeAndChance(in: Repository(files), allowing: []).map(\.line) == [2])
    }

    @Test(arguments: [
        "let n = Int.random(in: 1...6, using: &dice)", "// Date() is refused", "let text = \"Date()\"",
        "let at = Date(timeIntervalSince1970: 0)", "let id = UUID(uuidString: text)", "let later = instant.nowhere",
    ])
    func `what is passed in or only spoken of is let be`(code: String) throws {
        #expect(try hiddenTimeAndChance(in: Repository(["Sources/Flow/Cycles/A.swift": code]), allowing: []).isEmpty)
    }

    @Test func `the composition root may, and its neighbour may not`() throws {
        let code = ["Sources/Apps/Server/A.swift": "let now = Date()", "Sources/Apps/ServerTools/B.swift": "let now = Date()"]
        let findings = try hiddenTimeAndChance(in: Repository(code), allowing: [])
        #expect(findings.map(\.path) == ["Sources/Apps/ServerTools/B.swift"])
    }
}

private func hiddenTimeAndChance(in repository: Repository, allowing allowances: [Allowance]) throws -> [Finding] {
    var offences: [(what: String, finding: Finding)] = []
    for file in repository.swift(below: "Sources") where file.target != compositionRoot {
        for (pattern, instead) in hidden {
            for found in try file.code.matches(pattern) {
                let finding = Finding(file.path, found.line, "\(found.groups[0]) is hidden input: \(instead)")
                offences.append(("time or chance", finding))
            }
        }
    }
    return weigh(offences, allowing: allowances, in: repository)
}
