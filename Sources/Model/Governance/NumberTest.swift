/// What a row asks of a number: `> 5000`, `>= 10 and < 20`, `10..20`.
struct NumberTest: Hashable, Sendable, CustomStringConvertible {
    enum Comparison: String, CaseIterable, Sendable {
        // The longer ones first: `>=` begins with `>`.
        case atLeast = ">="
        case atMost = "<="
        case above = ">"
        case below = "<"
        case equal = "="

        func holds(_ left: Double, _ right: Double) -> Bool {
            switch self {
            case .atLeast: left >= right
            case .atMost: left <= right
            case .above: left > right
            case .below: left < right
            case .equal: left == right
            }
        }
    }

    struct Bound: Hashable, Sendable {
        let comparison: Comparison
        let number: Double
    }

    static let form = "a comparison such as \"> 5000\", \">= 10 and < 20\" or \"10..20\""

    /// All hold.
    let bounds: [Bound]
    let description: String

    /// - Returns: nil when `text` is not of the form above, or no number can satisfy it.
    init?(_ text: String) {
        let words = text.replacing("%", with: " ")
        var bounds: [Bound] = []
        for part in words.split(separator: "and") {
            guard let found = NumberTest.bounds(in: trimmed(part)) else { return nil }
            bounds += found
        }
        guard !bounds.isEmpty else { return nil }
        self.bounds = bounds
        self.description = text
        guard NumberTest.canHold(bounds) else { return nil }
    }

    func holds(_ number: Double) -> Bool {
        bounds.allSatisfy { $0.comparison.holds(number, $0.number) }
    }

    private static func bounds(in text: String) -> [Bound]? {
        if let range = text.firstRange(of: "..") {
            guard let low = finite(text[..<range.lowerBound]), let high = finite(text[range.upperBound...]) else { return nil }
            return [Bound(comparison: .atLeast, number: low), Bound(comparison: .atMost, number: high)]
        }
        if let number = finite(Substring(text)) { return [Bound(comparison: .equal, number: number)] }
        for comparison in Comparison.allCases where text.hasPrefix(comparison.rawValue) {
            guard let number = finite(text.dropFirst(comparison.rawValue.count)) else { return nil }
            return [Bound(comparison: comparison, number: number)]
        }
        return nil
    }

    private static func finite(_ text: Substring) -> Double? {
        guard let number = Double(trimmed(text)), number.isFinite else { return nil }
        return number
    }

    /// Whether some number satisfies all bounds: one of the bounds themselves, or one between or beyond them.
    private static func canHold(_ bounds: [Bound]) -> Bool {
        let edges = bounds.map(\.number).sorted()
        let between = zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 }
        let beyond = [edges.first.map { $0 - 1 - $0.magnitude }, edges.last.map { $0 + 1 + $0.magnitude }].compactMap(\.self)
        return (edges + between + beyond).contains { number in
            bounds.allSatisfy { $0.comparison.holds(number, $0.number) }
        }
    }
}

private func trimmed(_ text: some StringProtocol) -> String {
    let inner = text.drop(while: \.isWhitespace)
    return String(inner.reversed().drop(while: \.isWhitespace).reversed())
}
