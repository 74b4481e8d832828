import Vocabulary

extension Quantity {
    /// Reads a quantity that the ERP keeps as a binary float, from the float's shortest decimal text.
    ///
    /// At most six decimals are taken exactly. More are taken, rounded to the sixth, only when they are the
    /// noise of binary arithmetic: the number is no further from the rounded one than a thousandth of a
    /// millionth, or than two of the float's own steps. `0.30000000000000004` is 0.3; `0.3333333333333333` is
    /// a third, which we do not have, and is refused.
    ///
    /// - Throws: `input.invalid` naming `field`.
    init(float text: String, field: String) throws(Fault) {
        let plain = plainDecimal(text)
        if case .number(let scaled)? = plain.map({ parseDecimal6($0.utf8) }) {
            self.init(scaled: scaled)
            return
        }
        guard let value = Double(text), value.isFinite else {
            throw .invalid(field, found: text, expected: "a number")
        }
        let rounded = try Quantity(rounding: value)
        guard (value - rounded.double).magnitude <= max(1e-9, 2 * value.ulp) else {
            throw .invalid(field, found: text, expected: "at most six decimals")
        }
        self = rounded
    }
}

/// `1.5e-05` as `0.000015`; nil for what is no decimal number, and for exponents beyond ±30.
func plainDecimal(_ text: String) -> String? {
    guard let mark = text.firstIndex(where: { $0 == "e" || $0 == "E" }) else { return text }
    guard let exponent = Int(text[text.index(after: mark)...]), (-30...30).contains(exponent) else { return nil }
    var mantissa = text[..<mark]
    let isNegative = mantissa.first == "-"
    if isNegative || mantissa.first == "+" { mantissa.removeFirst() }
    let parts = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy({ $0.allSatisfy(\.isASCII) }) else { return nil }
    var digits = parts.joined()
    var point = parts[0].count + exponent
    if point <= 0 {
        digits = String(repeating: "0", count: 1 - point) + digits
        point = 1
    }
    if point > digits.count { digits += String(repeating: "0", count: point - digits.count) }
    let cut = digits.index(digits.startIndex, offsetBy: point)
    let whole = digits[..<cut]
    let fraction = digits[cut...]
    return (isNegative ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
}
