import Foundation
import Testing

private let list = "Sources/Apps/Server/ConnectorList.swift"
private let conformance = #"\b(?:struct|class|actor|enum|extension)\s+(\w+)[^{]*:[^{]*\bConnector\b[^{]*\{"#

@Suite struct `Every connector is on the visible list` {
    @Test func `in this project`() throws {
        expectNone(try unregistered(in: .ours))
    }

    @Test func `one that is declared and listed is let be`() throws {
        #expect(try unregistered(in: Repository(house())).isEmpty)
    }

    @Test func `a folder that the manifest does not know is caught`() throws {
        let findings = try unregistered(in: Repository(house().merging(["Package.swift": "// nothing"]) { $1 }))
        #expect(findings.map(\.path) == ["Package.swift"])
    }

    @Test(arguments: ["", "import Odoo\n", "// OdooConnector\n", "import Odoo\nlet connectors = [Other.self]\n"])
    func `a connector that the list does not name is caught`(text: String) throws {
        #expect(try unregistered(in: Repository(house().merging([list: text]) { $1 })).map(\.path) == [list])
    }

    @Test func `a folder without a connector in it is caught`() throws {
        let files = house().merging(["Sources/Connectors/Odoo/OdooConnector.swift": "struct OdooClient {}"]) { $1 }
        #expect(try unregistered(in: Repository(files)).map(\.path) == ["Sources/Connectors/Odoo"])
    }
}

private func house() -> [String: String] {
    [
        "Package.swift": "let connectors = [\n    connector(\"Odoo\", imports: [.yaml])\n]",
        list: "import Odoo\n\nlet connectors: [any Connector.Type] = [OdooConnector.self]\n",
        "Sources/Connectors/ConnectorKit/Connector.swift": "public protocol Connector {}",
        "Sources/Connectors/Odoo/OdooConnector.swift": "public struct OdooConnector: Connector, Sendable {}",
    ]
}

private func unregistered(in repository: Repository) throws -> [Finding] {
    let manifest = repository.text(of: "Package.swift")
    let listed = CodeOnly.of(repository.text(of: list))
    let files = Dictionary(grouping: repository.swift(below: "Sources/Connectors")) { $0.target ?? "" }
    return try files.keys.sorted().filter { $0 != "ConnectorKit" && $0 != "" }.flatMap { folder -> [Finding] in
        var findings: [Finding] = []
        if try manifest.matches("connector\\(\\s*\"\(folder)\"").isEmpty {
            let complaint = "the connector \(folder) has a folder and no connector(\"\(folder)\") here"
            findings.append(Finding("Package.swift", 1, complaint))
        }
        let conforming = try files[folder, default: []].flatMap { file in
            try file.code.matches(conformance).map { $0.groups[1] }
        }
        if conforming.isEmpty {
            findings.append(Finding("Sources/Connectors/\(folder)", 1, "no type in this folder is a Connector"))
        } else if try listed.matches("^\\s*(?:\\w+ )?import \(folder)$").isEmpty || !names(listed, anyOf: conforming) {
            findings.append(Finding(list, 1, "the connector \(folder) is not on this list"))
        }
        return findings
    }
}

private func names(_ code: String, anyOf types: [String]) -> Bool {
    let words = Set(code.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
    return !words.isDisjoint(with: types)
}
