import Foundation
import Testing

/// Words that say nothing of what is inside.
private let refusedWords: Set = ["util", "utils", "utility", "utilities", "common", "manager", "managers", "helper", "helpers"]

@Suite struct `Files and types are named for what they are` {
    @Test func `in this project`() throws {
        expectNone(try names(in: .ours))
    }

    @Test(arguments: ["StringUtils", "CommonTypes", "ConnectorManager", "retry_helper"])
    func `a file with an empty name is caught`(name: String) throws {
        let findings = try names(in: Repository(["Sources/Ground/Vocabulary/\(name).swift": ""]))
        #expect(findings.count == 1)
    }

    @Test func `a folder with an empty name is caught`() throws {
        #expect(try names(in: Repository(["Tests/Helpers/Clock.swift": ""])).count == 1)
    }

    @Test(arguments: ["struct", "final class", "enum", "package actor", "protocol", "typealias", "indirect enum"])
    func `a type with an empty name is caught with its line`(kind: String) throws {
        let text = "import Foundation\n\(kind) ConnectionManager<Value> {}\n"
        let findings = try names(in: Repository(["Sources/Ground/Storage/Pool.swift": text]))
        #expect(findings.map(\.line) == [2])
    }

    @Test func `a type of somebody else may be used`() throws {
        let text = "struct Files { let manager = FileManager.default }\n"
        #expect(try names(in: Repository(["Sources/Ground/Storage/Files.swift": text])).isEmpty)
    }
}

private func names(in repository: Repository) throws -> [Finding] {
    var findings: [Finding] = []
    for path in repository.paths where path.hasPrefix("Sources/") || path.hasPrefix("Tests/") || path.hasPrefix("scripts/") {
        for part in path.split(separator: "/") {
            for word in refused(in: part.prefix { $0 != "." }.description) {
                findings.append(Finding(path, 1, "\(part) is named \(word): name it for what it is"))
            }
        }
    }
    for file in repository.swiftFiles {
        for type in try file.code.matches(#"\b(?:struct|class|enum|actor|protocol|typealias)\s+(\w+)"#) {
            for word in refused(in: type.groups[1]) {
                findings.append(Finding(file.path, type.line, "\(type.groups[1]) is named \(word): name it for what it is"))
            }
        }
    }
    return findings
}

private func refused(in name: String) -> [String] {
    name.identifierWords.filter { refusedWords.contains($0.lowercased()) }
}
