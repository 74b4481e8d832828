import Vocabulary

/// One record that Tryton sent: its fields, and those of related records beneath keys that end in a dot.
struct Record: Sendable {
    let model: String
    let values: [String: RPCValue]

    /// - Throws: `input.invalid` when the value is no record.
    init(_ value: RPCValue, of model: String) throws(Fault) {
        guard let values = value.members else { throw .invalid(model, found: value.json, expected: "a record") }
        self.values = values
        self.model = model
    }

    var id: Int64 {
        get throws(Fault) { try integer("id") }
    }

    /// The record's name for people: `purchase.line,219`.
    var name: String { "\(model),\(values["id"]?.integer.map(String.init) ?? "?")" }

    /// The value at a path such as `default_uom.symbol`; null where the path ends early.
    subscript(_ path: String) -> RPCValue {
        let steps = path.split(separator: ".")
        var current = values
        for step in steps.dropLast() {
            guard let next = current[step + "."]?.members else { return .null }
            current = next
        }
        return steps.last.flatMap { current[String($0)] } ?? .null
    }

    /// The records beneath a one-to-many field.
    func records(_ field: String) throws(Fault) -> [Record] {
        var found: [Record] = []
        for value in values[field + "."]?.elements ?? [] { found.append(try Record(value, of: "\(model).\(field)")) }
        return found
    }
}

/// Typed fields; each throws `input.invalid` with the path, what was found and what was expected.
extension Record {
    func optionalText(_ path: String) -> String? {
        guard let text = self[path].string, !text.isEmpty else { return nil }
        return text
    }

    func text(_ path: String, expected: String = "a text") throws(Fault) -> String {
        guard let text = optionalText(path) else { throw invalid(path, expected) }
        return text
    }

    /// A code that is to serve as an identifier.
    func code(_ path: String) throws(Fault) -> String {
        let text = try text(path, expected: "a code: Plimsoll knows this record by it")
        if let complaint = identifierComplaint(about: text) { throw invalid(path, complaint) }
        return text
    }

    func integer(_ path: String) throws(Fault) -> Int64 {
        guard let integer = self[path].integer else { throw invalid(path, "a whole number") }
        return integer
    }

    func flag(_ path: String) throws(Fault) -> Bool {
        guard let flag = self[path].boolean else { throw invalid(path, "true or false") }
        return flag
    }

    func optionalQuantity(_ path: String) throws(Fault) -> Quantity? {
        switch self[path] {
        case .null: return nil
        case .number(let text): return try Quantity(float: text, field: path)
        default: throw invalid(path, "a number")
        }
    }

    func quantity(_ path: String) throws(Fault) -> Quantity {
        guard let quantity = try optionalQuantity(path) else { throw invalid(path, "a number") }
        return quantity
    }

    func optionalMoney(_ path: String) throws(Fault) -> Money? {
        if self[path].isNull { return nil }
        guard let text = self[path].members?["decimal"]?.string else { throw invalid(path, "a Decimal") }
        return try Money(parsing: plainDecimal(text) ?? text, field: path)
    }

    func optionalDate(_ path: String) throws(Fault) -> BusinessDate? {
        if self[path].isNull { return nil }
        guard let members = self[path].members, let year = members["year"]?.integer, let month = members["month"]?.integer,
            let day = members["day"]?.integer, let date = BusinessDate(year: Int(year), month: Int(month), day: Int(day))
        else { throw invalid(path, "a date") }
        return date
    }

    func date(_ path: String) throws(Fault) -> BusinessDate {
        guard let date = try optionalDate(path) else { throw invalid(path, "a date") }
        return date
    }

    /// A duration in days.
    func optionalDays(_ path: String) throws(Fault) -> Double? {
        if self[path].isNull { return nil }
        guard case .number(let text)? = self[path].members?["seconds"], let seconds = Double(text) else {
            throw invalid(path, "a duration")
        }
        return seconds / 86_400
    }

    func invalid(_ path: String, _ expected: String) -> Fault {
        let found = self[path]
        return .invalid(path, found: found.isNull ? nil : found.string ?? found.json, expected: expected)
    }
}
