import Foundation
import Testing

/// The floors from the ground up. A target imports from its own floor or from below.
private let floors = ["Ground", "Model", "Flow", "Connectors", "APIs", "Apps"]

/// The seam that the flow sends through stands among the connectors, but belongs below the flow.
private let loweredTargets = ["ConnectorKit": "Model"]

/// Modules of others that only these targets, or floors, may see.
private let keepers: [(module: String, who: Set<String>)] = [
    ("GRDB", ["StorageSQLite"]),
    ("CLibPQ", ["StoragePostgres"]),
    ("CNATS", ["EventRelay"]),
    ("Hummingbird", ["APIs", "Apps"]),
]

/// Targets that may import only these of ours.
private let onlyImports: [String: Set<String>] = [
    "Planning": ["Vocabulary"], "ConnectorKit": ["CanonicalModel", "Governance", "Vocabulary"],
]
private let connectorImports: Set = ["CanonicalModel", "ConnectorKit", "Governance", "Vocabulary"]

private let importForm =
    #"^[ \t]*(?:@\w+\s+)*(?:\w+ )?import (?:(?:struct|class|enum|protocol|func|var|let|typealias) )?(\w+)"#

/// Modules that reach a network or a file; `Planning` sees numbers only.
private let reachingOut = ["FoundationNetworking", "NIO", "AsyncHTTPClient", "Glibc", "GRDB", "CLibPQ", "Logging"]

@Suite struct `Floors import downwards only` {
    @Test func `in this project`() throws {
        expectNone(try imports(in: .ours))
    }

    @Test(arguments: [
        ("Ground/Storage", "CanonicalModel"), ("Model/CanonicalStore", "EventLog"), ("Ground/Vocabulary", "Server"),
        ("Flow/Cycles", "Gateway"), ("Flow/Replenishment", "Tryton"), ("Connectors/Tryton", "CanonicalStore"),
        ("Connectors/Tryton", "Sandbox"), ("Connectors/ConnectorKit", "Storage"), ("APIs/ProcessAPI", "SystemAPI"),
        ("APIs/SystemAPI", "Server"), ("Flow/EventLog", "GRDB"), ("Ground/StorageSQLite", "CLibPQ"),
        ("Flow/EventLog", "Hummingbird"), ("Connectors/Tryton", "HummingbirdCore"), ("Model/Planning", "FoundationNetworking"),
        ("Model/Planning", "NIOCore"), ("Model/Planning", "CanonicalModel"),
    ])
    func `an import that is not allowed is caught`(target: String, module: String) throws {
        for form in ["import \(module)", "public import struct \(module).Thing", "@testable import \(module)"] {
            let findings = try imports(in: house(with: "Sources/\(target)/A.swift", saying: "import Foundation\n\(form)\n"))
            #expect(findings.map(\.line) == [2], "\(form) in \(target)")
        }
    }

    @Test(arguments: [
        ("Flow/Replenishment", "ConnectorKit"), ("APIs/SystemAPI", "Gateway"), ("APIs/SystemAPI", "FlatFiles"),
        ("Apps/plimsoll", "Server"), ("Ground/StorageSQLite", "GRDB"), ("APIs/Gateway", "Hummingbird"),
        ("Model/Planning", "Vocabulary"), ("Connectors/Tryton", "ConnectorKit"), ("Ground/StoragePostgres", "CLibPQ"),
    ])
    func `an import that is allowed is let be`(target: String, module: String) throws {
        #expect(try imports(in: house(with: "Sources/\(target)/A.swift", saying: "package import \(module)\n")).isEmpty)
    }
}

/// An invented checkout that has every target of the house, and one file more.
private func house(with path: String, saying text: String) -> Repository {
    let targets = [
        "Ground/Vocabulary", "Ground/Threads", "Ground/Storage", "Ground/StorageSQLite", "Ground/StoragePostgres",
        "Ground/Observability",
        "Model/CanonicalModel", "Model/CanonicalStore", "Model/Planning", "Model/Governance", "Flow/EventLog", "Flow/Cycles",
        "Flow/Replenishment", "Connectors/ConnectorKit", "Connectors/Tryton", "Connectors/Sandbox", "Connectors/FlatFiles",
        "APIs/Gateway", "APIs/SystemAPI", "APIs/ProcessAPI", "APIs/ConsumptionAPI", "Apps/Server", "Apps/plimsoll",
    ]
    var texts = Dictionary(uniqueKeysWithValues: targets.map { ("Sources/\($0)/Present.swift", "") })
    texts[path] = text
    return Repository(texts)
}

private func imports(in repository: Repository) throws -> [Finding] {
    let files = repository.swift(below: "Sources")
    let pairs = files.compactMap { file in file.target.flatMap { target in file.floor.map { (target, $0) } } }
    let floorOf = Dictionary(pairs, uniquingKeysWith: { first, _ in first }).merging(loweredTargets) { $1 }
    return try files.flatMap { file -> [Finding] in
        guard let target = file.target, let floor = floorOf[target] else { return [] }
        return try file.code.matches(importForm).compactMap { found in
            let module = found.groups[1]
            guard module != target, let reason = objection(to: module, in: target, on: floor, floorOf: floorOf) else {
                return nil
            }
            return Finding(file.path, found.line, "\(target) may not import \(module): \(reason)")
        }
    }
}

private func objection(to module: String, in target: String, on floor: String, floorOf: [String: String]) -> String? {
    for keeper in keepers where module.hasPrefix(keeper.module) && keeper.who.isDisjoint(with: [target, floor]) {
        return "\(keeper.module) stays in \(keeper.who.sorted().joined(separator: " and "))"
    }
    if target == "Planning", reachingOut.contains(where: { module.hasPrefix($0) }) { return "Planning does no input or output" }
    guard let theirs = floorOf[module] else { return nil }
    if let own = onlyImports[target], !own.contains(module) { return "it knows only \(own.sorted().joined(separator: ", "))" }
    if floor == "Connectors", !connectorImports.contains(module) {
        return "a connector sees neither storage nor another connector"
    }
    if floor == "APIs", theirs == "APIs", module != "Gateway" { return "the APIs do not know each other" }
    guard let here = floors.firstIndex(of: floor), let there = floors.firstIndex(of: theirs) else {
        return "its floor is none of \(floors.joined(separator: ", "))"
    }
    return there > here ? "\(theirs) is above \(floor)" : nil
}
