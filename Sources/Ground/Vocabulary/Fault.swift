/// Why something could not be done, and what should happen next.
///
/// A fault crosses layers; the errors inside a layer are closed enums that convert to one at
/// the layer's edge. The disposition is the point of the type: the flow reads it to retry,
/// refuse, or put the matter before a person, and never parses a message.
public struct Fault: Error, Sendable, Hashable {
    public let code: Code
    public let disposition: Disposition
    /// One sentence for a person: what, where, and what was expected.
    public let message: String
    /// Field by field, what was wrong with the input; empty when the input was not the trouble.
    public let violations: [Violation]

    public init(_ code: Code, _ disposition: Disposition, _ message: String, violations: [Violation] = []) {
        self.code = code
        self.disposition = disposition
        self.message = message
        self.violations = violations
    }

    /// A stable, documented name such as `connector.rateLimited`; see `docs/reference/faults.md`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        public let name: String

        public init(_ name: StaticString) {
            self.name = name.description
        }

        /// A code that was stored or received, not declared here.
        public init(stored name: String) {
            self.name = name
        }

        public var description: String { name }
    }

    public enum Disposition: Hashable, Sendable {
        /// The same request may succeed later.
        case retry(after: Duration? = nil)
        /// The request is wrong and will stay wrong.
        case reject
        /// Only a person can decide; it becomes an entry in that team's exception queue.
        case review(by: String)
    }
}

extension Fault: CustomStringConvertible {
    public var description: String {
        let details = violations.map { "\n  \($0)" }.joined()
        return "\(code): \(message)\(details)"
    }
}

/// One thing that is wrong with one field of something that came in.
public struct Violation: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The path of the field as the sender wrote it: `lines[2].quantity`.
    public let field: String
    /// The value that was found, shortened to 120 characters; nil when it was missing.
    public let found: String?
    public let expected: String
    /// The row of the batch or file, counted from 1; nil outside batches.
    public var row: Int?

    public init(_ field: String, found: String?, expected: String, row: Int? = nil) {
        self.field = field
        self.found = found.map { $0.count > 120 ? String($0.prefix(119)) + "…" : $0 }
        self.expected = expected
        self.row = row
    }

    public var description: String {
        let place = row.map { "row \($0), " } ?? ""
        let value = found.map { "\"\($0)\"" } ?? "nothing"
        return "\(place)\(field): found \(value), expected \(expected)"
    }
}

extension Fault.Code {
    /// Something that came in does not have the form its contract asks for.
    public static let invalidInput = Self("input.invalid")
    /// A number left the range in which we can count exactly.
    public static let overflow = Self("arithmetic.overflow")
    /// What was asked for is not known here.
    public static let notFound = Self("input.notFound")
    /// What was sent contradicts what is already here.
    public static let conflict = Self("input.conflict")
    /// A defect of ours: something that the code holds for impossible.
    public static let defect = Self("plimsoll.defect")
}

extension Fault {
    public static func invalid(_ field: String, found: String?, expected: String) -> Fault {
        invalid([Violation(field, found: found, expected: expected)])
    }

    /// - Precondition: `violations` is not empty.
    public static func invalid(_ violations: [Violation]) -> Fault {
        let first = violations.first.map(String.init(describing:)) ?? "The input is not valid"
        let more = violations.count > 1 ? " (and \(violations.count - 1) more)" : ""
        return Fault(.invalidInput, .reject, first + more + ".", violations: violations)
    }

    public static func notFound(_ what: String) -> Fault {
        Fault(.notFound, .reject, "\(what) is not known here.")
    }

    public static func conflict(_ message: String) -> Fault {
        Fault(.conflict, .reject, message)
    }

    public static func overflow(_ what: String) -> Fault {
        Fault(.overflow, .reject, "\(what) is beyond ±9,223,372,036,854.775807.")
    }

    public static func defect(_ message: String) -> Fault {
        Fault(.defect, .review(by: "operations"), message)
    }
}
