import Vocabulary

/// What reached this ERP and what it did, counted by the ERP itself and by nobody else.
///
/// An arrival is a write that came in whole, whether or not it was then carried out. An effect is a document
/// created, or a policy changed. Setting a policy to the values and the reference it already has changes nothing and is
/// counted as `unchanged`. The ledger is not part of a snapshot: restoring a backup does not undo history.
package struct Ledger: Codable, Sendable {
    package private(set) var references: [String: Entry] = [:]
    package private(set) var totals = Totals()

    package struct Entry: Codable, Sendable, Equatable {
        package var arrivals = 0
        package var effects = 0
        package var unchanged = 0
        /// Numbers of the documents that came of it, in order.
        package var documents: [String] = []

        package init() {}
    }

    package struct Totals: Codable, Sendable, Equatable {
        package var arrivals = 0
        package var effects = 0
        package var unchanged = 0
        /// Writes recognised by their `Idempotency-Key` and answered with the first one's document.
        package var deduplicated = 0
        /// Writes refused for what they said.
        package var refused = 0
        /// Reads of business routes.
        package var reads = 0
        /// Requests on which the adversary acted.
        package var interferences = 0
        /// Calls turned away because there were too many.
        package var turnedAway = 0
        /// Calls that came although `Retry-After` had named a later time.
        package var tooEarly = 0
    }

    /// References with more than one effect, sorted: what must be empty at the end of a kill test.
    package var duplicates: [String] {
        references.filter { $0.value.effects > 1 }.keys.sorted()
    }

    mutating func arrived(_ reference: String?) {
        totals.arrivals += 1
        guard let reference else { return }
        references[reference, default: Entry()].arrivals += 1
    }

    mutating func took(_ effect: WriteEffect, reference: String?) {
        switch effect {
        case .created(let document):
            totals.effects += 1
            guard let reference else { return }
            references[reference, default: Entry()].effects += 1
            references[reference, default: Entry()].documents.append(document.number)
        case .unchanged:
            totals.unchanged += 1
            guard let reference else { return }
            references[reference, default: Entry()].unchanged += 1
        case .recognised: totals.deduplicated += 1
        }
    }

    mutating func refused() { totals.refused += 1 }
    mutating func wasRead() { totals.reads += 1 }
    mutating func turnedAway() { totals.turnedAway += 1 }
    mutating func cameTooEarly() { totals.tooEarly += 1 }
    mutating func wasInterferedWith() { totals.interferences += 1 }
}

/// What carrying out a write came to.
enum WriteEffect: Sendable {
    case created(ERPDocument)
    /// The absolute values were already in place under this very reference.
    case unchanged(ERPDocument)
    /// The idempotency key had been used: this is what came of it the first time.
    case recognised(ERPDocument)

    var document: ERPDocument {
        switch self {
        case .created(let document), .unchanged(let document), .recognised(let document): document
        }
    }
}
