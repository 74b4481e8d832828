import Foundation
import Testing

/// The words that we do not use, and the one that we do.
private let synonyms = [
    "sku": "item", "skus": "items", "article": "item", "articles": "items", "product": "item", "products": "items",
    "vendor": "supplier", "vendors": "suppliers", "site": "location", "sites": "locations",
]

private let allowances: [Allowance] = [
    Allowance("Sources/Ground/Vocabulary/Decimal6.swift", "product", because: "what a multiplication gives"),
    Allowance("Sources/Apps/plimsoll/Demo/TrytonBooks.swift", "product", because: "Tryton's own word for an item"),
    Allowance("Sources/Apps/SandboxERP/SampleDistributor/DemandHistory.swift", "product", because: "Knuth's product of uniforms"),
]

@Suite struct `One word for each idea` {
    @Test func `in this project`() throws {
        expectNone(try refusedSynonyms(in: .ours, allowing: allowances))
    }

    @Test(arguments: [
        "let sku: String", "func stock(ofProduct id: Int) {}", "case vendorList", "struct SiteCalendar {}", "let article_id = 1",
    ])
    func `a synonym in an identifier is caught`(code: String) throws {
        let findings = try refusedSynonyms(in: Repository(["Sources/Model/CanonicalModel/A.swift": code + "\n"]), allowing: [])
        #expect(findings.count == 1)
    }

    @Test(arguments: ["// a product of numbers", "let text = \"SKU\"", "let opposite = 1", "let composite = productive"])
    func `prose, strings and longer words are not identifiers of ours`(code: String) throws {
        #expect(try refusedSynonyms(in: Repository(["Sources/Model/CanonicalModel/A.swift": code]), allowing: []).isEmpty)
    }

    @Test func `a connector speaks its system's language, and the kit does not`() throws {
        let text = "let product = 1\n"
        let files = ["Sources/Connectors/Tryton/Reading.swift": text, "Sources/Connectors/ConnectorKit/Page.swift": text]
        let findings = try refusedSynonyms(in: Repository(files), allowing: [])
        #expect(findings.map(\.path) == ["Sources/Connectors/ConnectorKit/Page.swift"])
    }

    @Test func `an allowance excuses its file only, and is caught when nothing needs it`() throws {
        let allowed = [Allowance("Sources/Apps/A.swift", "product", because: "a foreign word")]
        #expect(try refusedSynonyms(in: Repository(["Sources/Apps/A.swift": "let product = 1"]), allowing: allowed).isEmpty)
        let moved = Repository(["Sources/Apps/A.swift": "let result = 1", "Sources/Apps/B.swift": "let product = 1"])
        #expect(try refusedSynonyms(in: moved, allowing: allowed).count == 2)
    }
}

private func refusedSynonyms(in repository: Repository, allowing allowances: [Allowance]) throws -> [Finding] {
    var offences: [(what: String, finding: Finding)] = []
    for file in repository.swift(below: "Sources") where !speaksForeign(file) {
        for identifier in try file.code.matches(#"(?<!import )\b[A-Za-z_]\w*"#) {
            for word in identifier.groups[0].identifierWords.map({ $0.lowercased() }) {
                guard let ours = synonyms[word] else { continue }
                let finding = Finding(file.path, identifier.line, "\(identifier.groups[0]) says \(word): our word is \(ours)")
                offences.append((word, finding))
            }
        }
    }
    return weigh(offences, allowing: allowances, in: repository)
}

private func speaksForeign(_ file: SwiftFile) -> Bool {
    file.floor == "Connectors" && file.target != "ConnectorKit"
}
