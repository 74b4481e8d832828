import Vocabulary

/// Which Rec 20 code stands for which Tryton unit, by the unit's symbol.
struct UnitTable: Sendable {
    private let codes: [String: UnitCode]

    /// The units that Tryton's `product` module brings along, in its own order; `gal` is the US gallon.
    static let standard: [String: UnitCode] = [
        "u": "C62", "kg": "KGM", "g": "GRM", "c": "CTM", "lb": "LBR", "oz": "ONZ",
        "s": "SEC", "min": "MIN", "h": "HUR", "d": "DAY",
        "m": "MTR", "km": "KMT", "cm": "CMT", "mm": "MMT", "ft": "FOT", "yd": "YRD", "in": "INH", "mi": "SMI",
        "m³": "MTQ", "l": "LTR", "cm³": "CMQ", "in³": "INQ", "ft³": "FTQ", "gal": "GLL",
        "m²": "MTK", "cm²": "CMK", "a": "ARE", "ha": "HAR", "in²": "INK", "ft²": "FTK", "yd²": "YDK",
        "J": "JOU", "MJ": "3B", "kW⋅h": "KWH", "MW⋅h": "MWH",
    ]

    /// - Parameter own: the company's own units, and other readings of standard ones.
    init(own: [String: UnitCode] = [:]) {
        codes = Self.standard.merging(own) { _, own in own }
    }

    /// - Throws: `input.invalid` naming `field`: a unit without a code is never guessed.
    func code(of symbol: String, field: String) throws(Fault) -> UnitCode {
        guard let code = codes[symbol] else {
            throw .invalid(
                field, found: symbol, expected: "a unit with a Rec 20 code: add \(symbol)=CODE to the setting units")
        }
        return code
    }
}

extension UnitTable {
    func code(in record: Record, _ field: String) throws(Fault) -> UnitCode {
        let path = "\(field).symbol"
        return try code(of: try record.text(path), field: path)
    }
}

/// What one unit is worth in another of its category, as Tryton itself computes it.
enum UnitRatio {
    /// - Parameters:
    ///   - field: the unit to convert from; `factor` and `rate` of it and of `base` must have been read.
    /// - Throws: `input.invalid` when a factor cannot be held exactly.
    static func of(_ field: String, in base: String, record: Record) throws(Fault) -> Ratio {
        if record["\(field).id"] == record["\(base).id"] { return .one }
        return try worth(field, record) * worth(base, record).inverse
    }

    /// Units of the category's base unit. A unit's factor and rate are each other's inverse, each rounded to
    /// twelve decimals; the one with fewer digits is the exact one. (Tryton itself looks at the decimals, which
    /// a rounded 35.273961949580 for the ounce deceives.)
    private static func worth(_ field: String, _ record: Record) throws(Fault) -> Ratio {
        let factor = try digits("\(field).factor", record)
        let rate = try digits("\(field).rate", record)
        if factor.digits <= rate.digits { return factor.ratio }
        return try rate.ratio.inverse
    }

    private static func digits(_ path: String, _ record: Record) throws(Fault) -> (ratio: Ratio, digits: Int) {
        guard case .number(let text) = record[path], let plain = plainDecimal(text) else {
            throw record.invalid(path, "a number above zero")
        }
        let parts = plain.split(separator: ".")
        var fraction = parts.count == 2 ? String(parts[1]) : ""
        while fraction.hasSuffix("0") { fraction.removeLast() }
        guard fraction.count <= 15, let whole = Int64(String(parts[0]) + fraction), whole > 0 else {
            throw record.invalid(path, "a number above zero with at most fifteen decimals")
        }
        let power = (0..<fraction.count).reduce(Int64(1)) { value, _ in value * 10 }
        let ratio = try Ratio(whole, power, field: path)
        var significant = whole
        while significant % 10 == 0 { significant /= 10 }
        return (ratio, String(significant).count)
    }
}
