import Vocabulary
import Yams

extension DecisionTableReader {
    /// All rows in order; nil when there is none that catches what the others do not.
    mutating func readRows(_ node: Node) -> (conditional: [DecisionTable.Row], otherwise: DecisionTable.Row)? {
        guard case .sequence(let sequence) = node, !sequence.isEmpty else {
            problems.add(node, "rows", expected: "a list of rows, the last without conditions")
            return nil
        }
        let before = problems.found.count
        let rows = sequence.enumerated().compactMap { index, row in readRow(row, "rows[\(index)]") }
        refuseRepeatedNames(rows)
        refuseUnreachable(rows)
        guard let last = rows.last, last.conditions.isEmpty else {
            // A row that could not be read has been reported already and may have been the one.
            if problems.found.count == before {
                problems.add(
                    line: rows.last?.line ?? node.line, "rows", found: rows.last.map { "\($0.name), which has conditions" },
                    expected: "a last row without conditions, for whatever no other row matches")
            }
            return nil
        }
        return (Array(rows.dropLast()), last)
    }

    private mutating func readRow(_ node: Node, _ what: String) -> DecisionTable.Row? {
        guard let entries = problems.entries(of: node, what, required: ["name", "reason", "then"], optional: ["when"])
        else { return nil }
        let name = problems.text(entries["name"], "\(what).name")
        let reason = problems.text(entries["reason"], "\(what).reason")
        let conditions = readConditions(entries["when"], "\(what).when")
        let verdict = entries["then"].flatMap { readVerdict($0, "\(what).then") }
        guard let name, let reason, let conditions, let verdict else { return nil }
        return DecisionTable.Row(name: name, reason: reason, verdict: verdict, line: node.line, conditions: conditions)
    }

    private mutating func readConditions(_ node: Node?, _ what: String) -> Set<DecisionCondition>? {
        guard let node else { return [] }
        guard let entries = problems.entries(of: node, what, required: [], optional: DecisionCondition.names) else { return nil }
        if entries.isEmpty { problems.add(node, what, expected: "conditions, or no entry \"when\" at all") }
        var conditions: Set<DecisionCondition> = []
        for (name, value) in entries {
            guard let condition = readCondition(name, value, "\(what).\(name)") else { continue }
            conditions.insert(condition)
        }
        return conditions.count == entries.count && !entries.isEmpty ? conditions : nil
    }

    private mutating func readCondition(_ name: String, _ node: Node, _ what: String) -> DecisionCondition? {
        if let field = DecisionCondition.WordField(rawValue: name) { return readWords(field, node, what) }
        guard let field = DecisionCondition.NumberField(rawValue: name) else { return nil }
        let text = node.shown
        if field == .drift, ["within", "beyond"].contains(text) { return .tolerance(beyond: text == "beyond") }
        guard case .scalar = node, let test = NumberTest(text) else {
            problems.add(node, what, expected: NumberTest.form + (field == .drift ? ", or within, or beyond" : ""))
            return nil
        }
        return .number(field, test)
    }

    private mutating func readWords(_ field: DecisionCondition.WordField, _ node: Node, _ what: String) -> DecisionCondition? {
        guard let words = problems.texts(node, what), !words.isEmpty else { return nil }
        if let vocabulary = field.vocabulary {
            let strangers = words.filter { !vocabulary.contains($0.text) }
            for (word, line) in strangers { problems.addUnknown(word, line: line, what, among: vocabulary) }
            guard strangers.isEmpty else { return nil }
        }
        return .oneOf(field, Set(words.map(\.text)))
    }

    private mutating func readVerdict(_ node: Node, _ what: String) -> Verdict? {
        let forms = ["autoApprove", "reject", "requireApproval", "requireTwoPeople", "hold"]
        guard case .mapping(let mapping) = node else {
            switch node.shown {
            case "autoApprove": return .autoApprove
            case "reject": return .reject
            case "requireApproval", "requireTwoPeople":
                problems.add(node, what, expected: "with roles, as in \(node.shown): {roles: [planner]}")
            case "hold": problems.add(node, what, expected: "with a team, as in hold: operations")
            default: problems.addUnknown(node.shown, line: node.line, what, among: forms)
            }
            return nil
        }
        guard mapping.count == 1, let (key, value) = mapping.first.map({ ($0.key.shown, $0.value) }) else {
            problems.add(node, what, expected: "exactly one of \(forms.joined(separator: ", "))")
            return nil
        }
        switch key {
        case "hold": return problems.text(value, "\(what).hold").map { .hold(team: $0) }
        case "requireApproval": return readApprovers(value, "\(what).requireApproval")
        case "requireTwoPeople": return readApprovers(value, "\(what).requireTwoPeople", people: 2)
        default:
            problems.addUnknown(key, line: node.line, what, among: forms)
            return nil
        }
    }

    /// `{roles: [planner], people: 2}`, or the roles alone.
    ///
    /// - Parameter people: how many, where the name of the entry says so already.
    private mutating func readApprovers(_ node: Node, _ what: String, people fixed: Int? = nil) -> Verdict? {
        var roles = node
        var people = fixed ?? 1
        if case .mapping = node {
            let optional = fixed == nil ? ["people"] : []
            guard let entries = problems.entries(of: node, what, required: ["roles"], optional: optional),
                let named = entries["roles"]
            else { return nil }
            roles = named
            if let asked = problems.whole(entries["people"], "\(what).people", atLeast: 1) {
                people = asked
                if asked > 2 { problems.add(line: node.line, "\(what).people", found: "\(asked)", expected: "1 or 2") }
            }
        }
        return readRoles(roles, what).map { .requireApproval(roles: $0, people: people) }
    }

    private mutating func refuseRepeatedNames(_ rows: [DecisionTable.Row]) {
        var lines: [String: Int] = [:]
        for row in rows {
            if let first = lines[row.name] {
                problems.add(line: row.line, "rows", found: row.name, expected: "a name of its own (line \(first) has this one)")
            } else {
                lines[row.name] = row.line
            }
        }
    }

    /// A row is never reached when an earlier one asks for nothing that it does not ask for as well.
    private mutating func refuseUnreachable(_ rows: [DecisionTable.Row]) {
        for (index, row) in rows.enumerated() {
            guard let earlier = rows[..<index].first(where: { $0.conditions.isSubset(of: row.conditions) }) else { continue }
            problems.add(
                line: row.line, "rows", found: row.name,
                expected: "a row that can be reached: \(earlier.name) at line \(earlier.line) matches all that this one would")
        }
    }
}
