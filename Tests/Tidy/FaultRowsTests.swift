import Foundation
import Testing

/// The page of tested faults and the tests with numbers must name the same rows.
@Suite struct `The page of tested faults tells the truth` {
    private static let page = "docs/operating/tested-faults.md"

    @Test func `in this project`() {
        expectNone(Self.findings(in: .ours))
    }

    @Test func `a row without a test, a test without a row and a test elsewhere are caught`() {
        let table = "| row | a | b | tested in |\n|---|---|---|---|\n| 1 | a | b | ATests |\n| 2 | a | b | ATests |\n"
        let test = "@Test func `Row 1: it holds`() {}\n@Test func `Rows 4 and 5: they hold`() {}\n"
        let invented = Repository([Self.page: table, "Tests/BTests/OneTests.swift": test])
        let found = Self.findings(in: invented).map(\.complaint)
        #expect(found.contains("row 1 is said to be tested in ATests, and is tested in BTests"))
        #expect(found.contains("row 2 is said to be tested in ATests, and no test there has its number"))
        #expect(found.contains("row 4 is tested and not on the page") && found.contains("row 5 is tested and not on the page"))
    }

    private static func findings(in repository: Repository) -> [Finding] {
        var tested: [Int: Set<String>] = [:]
        for file in repository.swiftFiles where file.path.hasPrefix("Tests/") && !file.path.hasPrefix("Tests/Tidy/") {
            let folder = String(file.path.split(separator: "/")[1])
            for match in file.text.matches(of: /func `Rows? ([\d, and]+):/) {
                for number in match.1.matches(of: /\d+/) {
                    if let row = Int(number.output) { tested[row, default: []].insert(folder) }
                }
            }
        }
        var findings: [Finding] = []
        var listed: Set<Int> = []
        for (index, line) in repository.text(of: page).split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let match = line.wholeMatch(of: /\| (\d+) \|.*\| ([^|]+) \|/), let row = Int(match.1) else { continue }
            listed.insert(row)
            let said = Set(match.2.matches(of: /\w+Tests/).map { String($0.output) })
            let real = tested[row] ?? []
            for suite in said.subtracting(real).sorted() {
                let instead =
                    real.isEmpty ? "no test there has its number" : "is tested in \(real.sorted().joined(separator: ", "))"
                findings.append(Finding(page, index + 1, "row \(row) is said to be tested in \(suite), and \(instead)"))
            }
            for suite in real.subtracting(said).sorted() {
                findings.append(Finding(page, index + 1, "row \(row) is tested in \(suite) too"))
            }
        }
        for row in tested.keys.filter({ !listed.contains($0) }).sorted() {
            findings.append(Finding(page, 1, "row \(row) is tested and not on the page"))
        }
        return findings
    }
}
