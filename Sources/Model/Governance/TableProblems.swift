import Vocabulary
import Yams

/// What is wrong with a file, collected so that its author hears of everything at once.
package struct TableProblems {
    package let file: String
    package private(set) var found: [Violation] = []

    package init(file: String) { self.file = file }

    /// - Parameter what: the path of the entry: `rows[2].when.value`.
    package mutating func add(line: Int, _ what: String, found: String?, expected: String) {
        self.found.append(Violation("\(file):\(line): \(what)", found: found, expected: expected))
    }

    package mutating func add(_ node: Node, _ what: String, expected: String) {
        add(line: node.line, what, found: node.shown, expected: expected)
    }

    /// A word out of a fixed vocabulary that is not in it.
    package mutating func addUnknown(_ word: String, line: Int, _ what: String, among words: [String]) {
        let hint = nearestName(to: word, among: words).map { " (did you mean \($0)?)" } ?? ""
        add(line: line, what, found: word, expected: "one of \(words.joined(separator: ", "))\(hint)")
    }

    /// The entries of a mapping by their keys; unknown and missing keys are problems.
    package mutating func entries(of node: Node, _ what: String, required: [String], optional: [String] = []) -> [String: Node]? {
        guard case .mapping(let mapping) = node else {
            add(node, what, expected: "entries named \((required + optional).joined(separator: ", "))")
            return nil
        }
        var entries: [String: Node] = [:]
        for (key, value) in mapping {
            let name = key.shown
            if (required + optional).contains(name) {
                entries[name] = value
            } else {
                addUnknown(name, line: key.line, what, among: required + optional)
            }
        }
        for name in required where entries[name] == nil {
            add(line: node.line, "\(what).\(name)", found: nil, expected: "an entry of this name")
        }
        return entries
    }

    /// A text that is not empty.
    package mutating func text(_ node: Node?, _ what: String) -> String? {
        guard let node else { return nil }
        if case .scalar(let scalar) = node, !scalar.string.allSatisfy(\.isWhitespace) { return scalar.string }
        add(node, what, expected: "a text that is not empty")
        return nil
    }

    /// One text, or a list of them.
    package mutating func texts(_ node: Node?, _ what: String) -> [(text: String, line: Int)]? {
        guard let node else { return nil }
        guard case .sequence(let sequence) = node else { return text(node, what).map { [($0, node.line)] } }
        if sequence.isEmpty { add(node, what, expected: "at least one entry") }
        return sequence.enumerated().compactMap { index, element in
            text(element, "\(what)[\(index)]").map { ($0, element.line) }
        }
    }

    package mutating func whole(_ node: Node?, _ what: String, atLeast least: Int) -> Int? {
        guard let node else { return nil }
        if case .scalar(let scalar) = node, let number = Int(scalar.string), number >= least { return number }
        add(node, what, expected: "a whole number of at least \(least)")
        return nil
    }

    package mutating func number(_ node: Node?, _ what: String) -> Double? {
        guard let node else { return nil }
        if case .scalar(let scalar) = node, let number = Double(scalar.string), number.isFinite, number >= 0 { return number }
        add(node, what, expected: "a number, zero or more")
        return nil
    }
}

extension Node {
    /// Counted from 1.
    package var line: Int { mark?.line ?? 1 }

    /// The node as an author would recognise it.
    package var shown: String {
        switch self {
        case .scalar(let scalar): scalar.string
        case .mapping(let mapping): "entries named \(mapping.keys.map(\.shown).joined(separator: ", "))"
        case .sequence(let sequence): "a list of \(sequence.count)"
        case .alias: "an alias"
        }
    }
}
