import CanonicalModel
import Vocabulary

/// One thing that must hold for a row of the decision table to match.
enum DecisionCondition: Hashable, Sendable {
    case oneOf(WordField, Set<String>)
    case number(NumberField, NumberTest)
    /// Some compared figure is beyond its tolerance, or none is.
    case tolerance(beyond: Bool)

    /// The figures that are words.
    enum WordField: String, CaseIterable, Sendable {
        case kind, criticality, abcClass, capacity, supplier, region, location, item, provisional, checks, system

        /// All words there are; nil when any may stand there.
        var vocabulary: [String]? {
            switch self {
            case .kind: ActionKind.allCases.map(\.rawValue)
            case .criticality: Criticality.allCases.map(\.rawValue)
            case .abcClass: ABCClass.allCases.map(\.rawValue)
            case .capacity: CapacityFit.allCases.map(\.rawValue)
            case .provisional: ["true", "false"]
            case .checks: ["failed", "warned", "passed"]
            case .supplier, .region, .location, .item, .system: nil
            }
        }

        func value(in input: DecisionInput) -> String? {
            switch self {
            case .kind: input.kind?.rawValue
            case .criticality: input.criticality?.rawValue
            case .abcClass: input.abcClass?.rawValue
            case .capacity: input.capacity?.rawValue
            case .supplier: input.supplier?.rawValue
            case .region: input.region
            case .location: input.location?.rawValue
            case .item: input.item?.rawValue
            case .provisional: input.isProvisional.map { $0 ? "true" : "false" }
            // What a check adjusted has passed since.
            case .checks: input.checks.map { $0 == .adjusted ? "passed" : $0.rawValue }
            case .system: input.system?.rawValue
            }
        }
    }

    /// The figures that are numbers.
    enum NumberField: String, CaseIterable, Sendable {
        case changePercent, value, confidence, drift

        /// - Parameter currency: the table's; a value in another one is not known.
        func value(in input: DecisionInput, currency: CurrencyCode) -> Double? {
            switch self {
            case .changePercent: input.changePercent?.magnitude
            case .value: input.value.flatMap { $0.currency == currency ? $0.amount.double : nil }
            case .confidence: input.confidence
            case .drift: input.drift?.map(\.percent).max()
            }
        }
    }

    static var names: [String] { WordField.allCases.map(\.rawValue) + NumberField.allCases.map(\.rawValue) }

    /// The key under `when`.
    var name: String {
        switch self {
        case .oneOf(let field, _): field.rawValue
        case .number(let field, _): field.rawValue
        case .tolerance: NumberField.drift.rawValue
        }
    }

    var expectation: String {
        switch self {
        case .oneOf(_, let words): words.sorted().joined(separator: " or ")
        case .number(_, let test): test.description
        case .tolerance(let beyond): beyond ? "beyond" : "within"
        }
    }

    func holds(_ input: DecisionInput, in table: DecisionTable) -> Bool {
        switch self {
        case .oneOf(let field, let words): field.value(in: input).map(words.contains) ?? false
        case .number(let field, let test):
            field.value(in: input, currency: table.limits.currency).map(test.holds) ?? false
        case .tolerance(let beyond):
            input.drift.map { table.tolerances.beyond($0).isEmpty != beyond } ?? false
        }
    }

    /// What was there, for people; nil when it is not known.
    func found(_ input: DecisionInput, in table: DecisionTable) -> String? {
        switch self {
        case .oneOf(let field, _): field.value(in: input)
        case .number(.value, _): input.value?.description
        case .number(let field, _): field.value(in: input, currency: table.limits.currency).map { "\($0)" }
        case .tolerance:
            input.drift.map { drift in
                let beyond = table.tolerances.beyond(drift)
                return beyond.isEmpty ? "within" : "beyond: " + beyond.map(\.figure).joined(separator: ", ")
            }
        }
    }
}
