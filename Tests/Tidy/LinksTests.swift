import Foundation
import Testing

@Suite struct `Every link in the documentation leads somewhere` {
    @Test func `in this project`() throws {
        expectNone(try brokenLinks(in: .ours))
    }

    @Test(arguments: [
        "[a](gone.md)", "[a](../README.md#gone)", "![a](gone.png)", "[a](#gone)", "text [a][b]\n\n[b]: gone.md",
        "[a](/docs/item.md)", "[a](../../README.md)",
    ])
    func `one that does not is caught`(text: String) throws {
        let files = ["docs/item.md": "# Item\n\n" + text, "README.md": "# Plimsoll\n"]
        #expect(try brokenLinks(in: Repository(files)).count == 1)
    }

    @Test(arguments: [
        "[a](../README.md)", "[a](../README.md#the-two-commands)", "[a](#item)", "[a](https://example.com/gone)", "[a](../docs)",
        "`[a](gone.md)`", "```\n[a](gone.md)\n```", "[a](mailto:a@example.com)", "[a](item.md \"a title\")",
        "[a](../README.md#the-two-commands-1)",
    ])
    func `one that does is let be`(text: String) throws {
        let readme = "# Plimsoll\n\n## The `two` commands!\n\n## The two commands\n"
        let files = ["docs/item.md": "# Item\n\n" + text, "README.md": readme]
        #expect(try brokenLinks(in: Repository(files)).isEmpty)
    }
}

private func brokenLinks(in repository: Repository) throws -> [Finding] {
    try repository.paths.filter { $0.hasSuffix(".md") }.flatMap { path -> [Finding] in
        let prose = try withoutCode(repository.text(of: path))
        let inline = try prose.matches(#"\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)"#)
        let defined = try prose.matches(#"^ {0,3}\[[^\]]+\]:\s+<?(\S+?)>?(?:\s|$)"#)
        return try (inline + defined).compactMap { link in
            let target = link.groups[1]
            return try objection(to: target, from: path, in: repository).map { Finding(path, link.line, "\(target) \($0)") }
        }
    }
}

private func objection(to link: String, from path: String, in repository: Repository) throws -> String? {
    guard try link.matches("^[a-z][a-z0-9+.-]*:").isEmpty else { return nil }
    guard !link.hasPrefix("/") else { return "is not relative: it works on one machine only" }
    let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let file = (parts[0].removingPercentEncoding ?? String(parts[0]))
    let folder = path.split(separator: "/").dropLast().map(String.init)
    guard let target = file.isEmpty ? path : resolve(file, from: folder) else { return "leaves the repository" }
    guard repository.holds(target) else { return "leads to nothing" }
    guard parts.count == 2, target.hasSuffix(".md") else { return nil }
    return try anchors(in: repository.text(of: target)).contains(String(parts[1])) ? nil : "names a heading that is not there"
}

private func resolve(_ file: String, from folder: [String]) -> String? {
    var parts = folder
    for part in file.split(separator: "/") where part != "." {
        if part == ".." {
            guard parts.popLast() != nil else { return nil }
        } else {
            parts.append(String(part))
        }
    }
    return parts.joined(separator: "/")
}

/// The text with code blanked, lines kept: what is in backticks or fences is not a link.
private func withoutCode(_ text: String) throws -> String {
    var fence: Substring?
    return try text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
        let start = line.drop { $0 == " " }.prefix(3)
        if let open = fence {
            if start == open { fence = nil }
            return ""
        }
        if start == "```" || start == "~~~" {
            fence = start
            return ""
        }
        return try NSRegularExpression(pattern: "(`+)[^`]*\\1")
            .stringByReplacingMatches(in: String(line), range: NSRange(line.startIndex..., in: line), withTemplate: "code")
    }.joined(separator: "\n")
}

/// The anchors that the usual viewers give to headings: lower case, spaces to hyphens, punctuation out, repeats numbered.
private func anchors(in text: String) throws -> Set<String> {
    var seen: [String: Int] = [:]
    var found: Set<String> = []
    for line in fencedOut(text) where line.hasPrefix("#") {
        let title = line.drop { $0 == "#" }.trimmingPrefix { $0 == " " }
        let plain = try String(title).matches(#"\[([^\]]*)\]\([^)]*\)"#).reduce(String(title)) {
            $0.replacingOccurrences(of: $1.groups[0], with: $1.groups[1])
        }
        let slug = plain.lowercased().compactMap { character -> Character? in
            if character == " " { return "-" }
            return character.isLetter || character.isNumber || character == "-" || character == "_" ? character : nil
        }
        let name = String(slug)
        found.insert(seen[name].map { "\(name)-\($0)" } ?? name)
        seen[name, default: 0] += 1
    }
    for named in try text.matches(#"<a\s+(?:name|id)="([^"]+)""#) { found.insert(named.groups[1]) }
    return found
}

private func fencedOut(_ text: String) -> [Substring] {
    var inside = false
    return text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
        guard line.hasPrefix("```") || line.hasPrefix("~~~") else { return !inside }
        inside.toggle()
        return false
    }
}
