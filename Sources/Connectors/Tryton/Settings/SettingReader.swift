import ConnectorKit
import Vocabulary

/// Settings as they are typed, with the standard values of the manifest where one is missing.
struct SettingReader {
    private let values: SettingValues

    init(_ values: SettingValues) {
        self.values = values
    }

    func optionalText(_ key: String) -> String? {
        let value = values[key] ?? TrytonSettings.documented.first { $0.key == key }?.standard
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    func text(_ key: String) throws(Fault) -> String {
        guard let text = optionalText(key) else { throw .invalid(key, found: values[key], expected: "a value") }
        return text
    }

    func whole(_ key: String, in range: ClosedRange<Int>) throws(Fault) -> Int {
        try whole(key, try text(key), in: range)
    }

    func whole(_ key: String, _ text: String, in range: ClosedRange<Int>) throws(Fault) -> Int {
        guard let number = Int(text), range.contains(number) else {
            let top = range.upperBound == .max ? "up" : "to \(range.upperBound)"
            throw .invalid(key, found: text, expected: "a whole number from \(range.lowerBound) \(top)")
        }
        return number
    }

    func share(_ key: String) throws(Fault) -> Double {
        let text = try text(key)
        guard let share = Double(text), share.isFinite, (0...10).contains(share) else {
            throw .invalid(key, found: text, expected: "a share such as 0.25")
        }
        return share
    }

    /// The entries of a list with commas.
    func list(_ key: String) -> [String] {
        (optionalText(key) ?? "").split(separator: ",").map(trimmed).filter { !$0.isEmpty }
    }

    /// The entries of a list such as `DC-EAST=east, DC-WEST=west`.
    func pairs(_ key: String) throws(Fault) -> [(String, String)] {
        var pairs: [(String, String)] = []
        for entry in list(key) {
            let sides = entry.split(separator: "=", maxSplits: 1).map(trimmed)
            guard sides.count == 2, sides.allSatisfy({ !$0.isEmpty }) else {
                throw .invalid(key, found: entry, expected: "entries such as NAME=VALUE with commas between them")
            }
            pairs.append((sides[0], sides[1]))
        }
        return pairs
    }
}

private func trimmed(_ text: Substring) -> String {
    var rest = text
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
}
