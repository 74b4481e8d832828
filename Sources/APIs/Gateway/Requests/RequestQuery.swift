import ConnectorKit
import Foundation
import Hummingbird
import Vocabulary

/// The query of a request, in which every parameter is known and stands once.
package struct RequestQuery: Sendable {
    private let values: [String: String]

    /// - Throws: `input.invalid` naming the parameter that the route does not know or that stands there twice.
    package init(_ request: Request, allowing names: [String]) throws(Fault) {
        var values: [String: String] = [:]
        var violations: [Violation] = []
        for (key, value) in request.uri.queryParameters {
            let (name, text) = (String(key), String(value).replacing("+", with: " "))
            if !names.contains(name) {
                let meant = nearestName(to: name, among: names).map { "did you mean \($0)? " } ?? ""
                let known = names.isEmpty ? "no parameters" : "one of \(names.joined(separator: ", "))"
                violations.append(Violation(name, found: text, expected: meant + known))
            } else if values.updateValue(text, forKey: name) != nil {
                violations.append(Violation(name, found: text, expected: "the parameter once"))
            }
        }
        guard violations.isEmpty else { throw .invalid(violations) }
        self.values = values
    }

    package subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    package func id<Subject>(_ name: String, as subject: Subject.Type = Subject.self) throws(Fault) -> ID<Subject>? {
        guard let text = self[name] else { return nil }
        return try ID(checking: text, field: name)
    }

    /// How many entries a page may have: `limit`, 100 where it is left out.
    package func limit(most: Int = 1000) throws(Fault) -> Int {
        guard let text = self["limit"] else { return min(100, most) }
        guard let limit = Int(text), (1...most).contains(limit) else {
            throw .invalid("limit", found: text, expected: "1 to \(most)")
        }
        return limit
    }

    /// - Parameter expected: what the caller is told when it is no number or out of range.
    package func number(
        _ name: String, in range: ClosedRange<Double>, _ expected: String
    ) throws(Fault) -> Double? {
        guard let text = self[name] else { return nil }
        guard let number = Double(text), range.contains(number) else { throw .invalid(name, found: text, expected: expected) }
        return number
    }

    package func flag(_ name: String) throws(Fault) -> Bool? {
        switch self[name] {
        case nil: nil
        case "true": true
        case "false": false
        case let text: throw .invalid(name, found: text, expected: "true or false")
        }
    }

    package func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, as type: Word.Type = Word.self
    ) throws(Fault) -> Word? where Word.RawValue == String {
        guard let text = self[name] else { return nil }
        if let word = Word(rawValue: text) { return word }
        let known = Word.allCases.map(\.rawValue)
        let meant = nearestName(to: text, among: known).map { "did you mean \($0)? " } ?? ""
        throw .invalid(name, found: text, expected: "\(meant)one of \(known.joined(separator: ", "))")
    }

    package func date(_ name: String) throws(Fault) -> BusinessDate? {
        guard let text = self[name] else { return nil }
        return try BusinessDate(parsing: text, field: name)
    }

    package func instant(_ name: String) throws(Fault) -> Instant? {
        guard let text = self[name] else { return nil }
        return try Instant(parsing: text, field: name)
    }

    package func position(_ name: String) throws(Fault) -> Int64? {
        guard let text = self[name] else { return nil }
        guard let position = Int64(text), position >= 0 else {
            throw .invalid(name, found: text, expected: "a position, zero or more")
        }
        return position
    }
}

extension GatewayContext {
    /// What stands in the path at `{name}`.
    ///
    /// - Throws: `input.invalid` when it is no identifier.
    package func text(_ name: String) throws(Fault) -> String {
        guard let raw = parameters.get(name), let text = raw.removingPercentEncoding else {
            throw .invalid(name, found: parameters.get(name), expected: "an identifier")
        }
        return try ID<GatewayContext>(checking: text, field: name).rawValue
    }

    package func id<Subject>(_ name: String, as subject: Subject.Type = Subject.self) throws(Fault) -> ID<Subject> {
        ID(try text(name))
    }
}
