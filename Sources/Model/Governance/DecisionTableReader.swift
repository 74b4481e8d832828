import Vocabulary
import Yams

extension Fault.Code {
    /// The decision table is not one by which anything could be decided.
    public static let decisionTableInvalid = Self("governance.decisionTableInvalid")
}

extension Role {
    /// The roles there are unless a deployment names others.
    public static let known: [Role] = ["planner", "buyer", "operations", "administrator"]
}

extension DecisionTable {
    /// Reads a table from YAML.
    ///
    /// - Parameters:
    ///   - file: the name by which problems refer to it.
    ///   - roles: those that may stand in it.
    /// - Throws: `governance.decisionTableInvalid` with every problem, each as
    ///   `file.yaml:LINE: what: found …, expected …`.
    public init(yaml text: String, file: String, roles: [Role] = Role.known) throws(Fault) {
        var reader = DecisionTableReader(file: file, roles: roles.map(\.rawValue))
        guard let table = reader.read(text), reader.problems.found.isEmpty else {
            let problems = reader.problems.found
            let count = problems.count == 1 ? "one problem" : "\(problems.count) problems"
            throw Fault(.decisionTableInvalid, .reject, "The decision table \(file) has \(count).", violations: problems)
        }
        self = table
    }
}

/// From YAML nodes, which know their lines, to a table.
struct DecisionTableReader {
    var problems: TableProblems
    let roles: [String]

    init(file: String, roles: [String]) {
        problems = TableProblems(file: file)
        self.roles = roles
    }

    mutating func read(_ text: String) -> DecisionTable? {
        guard let root = composed(text),
            let entries = problems.entries(
                of: root, "table", required: ["version", "limits", "tolerances", "approval", "rows"])
        else { return nil }
        if let version = entries["version"], version.shown != "1" {
            problems.add(version, "version", expected: "1, the version of the form that this program reads")
        }
        let limits = entries["limits"].flatMap { readLimits($0) }
        let tolerances = entries["tolerances"].flatMap { readTolerances($0) }
        let approval = entries["approval"].flatMap { readApproval($0) }
        let rows = entries["rows"].flatMap { readRows($0) }
        guard let limits, let tolerances, let approval, let rows else { return nil }
        return DecisionTable(
            text: text, limits: limits, tolerances: tolerances, approval: approval, conditional: rows.conditional,
            otherwise: rows.otherwise)
    }

    private mutating func composed(_ text: String) -> Node? {
        do {
            if let root = try Yams.compose(yaml: text) { return root }
            problems.add(line: 1, "table", found: nil, expected: "a table")
        } catch let error as YamlError {
            problems.add(line: error.line, "table", found: "\(error)", expected: "well-formed YAML, each key once")
        } catch {
            problems.add(line: 1, "table", found: "\(error)", expected: "well-formed YAML")
        }
        return nil
    }

    private mutating func readLimits(_ node: Node) -> ApprovalLimits? {
        guard let entries = problems.entries(of: node, "limits", required: ["currency"], optional: ["roles"]) else { return nil }
        var limits: [Role: Money] = [:]
        if let rolesNode = entries["roles"],
            let byRole = problems.entries(of: rolesNode, "limits.roles", required: [], optional: roles)
        {
            for (role, value) in byRole {
                guard let limit = try? Money(parsing: value.shown, field: role), !limit.isNegative else {
                    problems.add(value, "limits.roles.\(role)", expected: "an amount of money, zero or more")
                    continue
                }
                limits[Role(rawValue: role)] = limit
            }
        }
        guard let currencyNode = entries["currency"] else { return nil }
        guard let currency = try? CurrencyCode(checking: currencyNode.shown, field: "currency") else {
            problems.add(currencyNode, "limits.currency", expected: "an ISO 4217 currency code such as EUR")
            return nil
        }
        return ApprovalLimits(currency: currency, limits: limits)
    }

    private mutating func readTolerances(_ node: Node) -> DriftTolerances? {
        guard
            let entries = problems.entries(
                of: node, "tolerances", required: ["percent", "absolute"], optional: ["figures"])
        else { return nil }
        var figures: [String: DriftTolerances.Bounds] = [:]
        if let figuresNode = entries["figures"],
            let byFigure = problems.entries(of: figuresNode, "tolerances.figures", required: [], optional: Drift.figures)
        {
            for (figure, value) in byFigure {
                let what = "tolerances.figures.\(figure)"
                guard let own = problems.entries(of: value, what, required: ["percent", "absolute"]) else { continue }
                figures[figure] = readBounds(own, what)
            }
        }
        return readBounds(entries, "tolerances").map { DriftTolerances($0, figures: figures) }
    }

    private mutating func readBounds(_ entries: [String: Node], _ what: String) -> DriftTolerances.Bounds? {
        let percent = problems.number(entries["percent"], "\(what).percent")
        let absolute = problems.number(entries["absolute"], "\(what).absolute")
        guard let percent, let absolute else { return nil }
        return DriftTolerances.Bounds(percent: percent, absolute: absolute)
    }

    private mutating func readApproval(_ node: Node) -> ApprovalTerms? {
        guard
            let entries = problems.entries(
                of: node, "approval", required: ["dueHours", "expireAfterHours"], optional: ["escalateAfterHours", "escalateTo"])
        else { return nil }
        let due = problems.whole(entries["dueHours"], "approval.dueHours", atLeast: 1)
        let expire = problems.whole(entries["expireAfterHours"], "approval.expireAfterHours", atLeast: 1)
        let escalate = problems.whole(entries["escalateAfterHours"], "approval.escalateAfterHours", atLeast: 1)
        let role = entries["escalateTo"].flatMap { readRoles($0, "approval.escalateTo") }?.first
        if (entries["escalateAfterHours"] == nil) != (entries["escalateTo"] == nil) {
            problems.add(node, "approval", expected: "escalateAfterHours and escalateTo, both or neither")
        }
        guard let due, let expire else { return nil }
        for (name, hours) in [("dueHours", due), ("escalateAfterHours", escalate ?? 0)] where hours >= expire {
            guard let value = entries[name] else { continue }
            problems.add(value, "approval.\(name)", expected: "less than expireAfterHours, \(expire)")
        }
        return ApprovalTerms(dueHours: due, escalateAfterHours: escalate, escalateTo: role, expireAfterHours: expire)
    }

    /// One role or a list; each has to be known.
    mutating func readRoles(_ node: Node?, _ what: String) -> [Role]? {
        guard let named = problems.texts(node, what) else { return nil }
        for (role, line) in named where !roles.contains(role) { problems.addUnknown(role, line: line, what, among: roles) }
        return named.map { Role(rawValue: $0.text) }
    }
}

extension Drift {
    /// The figures that are compared.
    public static let figures = [
        "position", "onHand", "allocated", "onOrder", "inTransit", "leadTimeDays", "reorderPoint", "forecastVersion",
    ]
}

extension YamlError {
    var line: Int {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: 1
        }
    }
}
