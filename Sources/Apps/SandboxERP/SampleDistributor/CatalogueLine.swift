import Vocabulary

/// One item of the catalogue with what the company's history makes of it.
struct CatalogueLine: Sendable {
    let id: String
    let title: String
    let family: String
    var unit: UnitCode = .piece
    /// A larger unit that suppliers deliver in.
    var pack: Pack?
    /// Cost of one unit, in cents.
    let cents: Int
    let abcClass: String
    /// Mean demand of a working day over all three warehouses, in stocking units.
    let perDay: Double
    let pattern: DemandPattern
    let supplier: String
    var supersededBy: String?

    struct Pack: Sendable {
        let unit: UnitCode
        /// One pack is `numerator / denominator` stocking units.
        let numerator: Int64
        var denominator: Int64 = 1

        static func cases(of count: Int64) -> Pack { Pack(unit: "CS", numerator: count) }
        static func boxes(of count: Int64) -> Pack { Pack(unit: "BX", numerator: count) }
    }

    /// What one stocking unit takes of a shelf: by its own size where it is bulky, else as its family usually does.
    var litres: Double {
        switch id {
        case "FAN-PED": 60
        case "BIN-120": 35
        case "MTR-1HP", "EVC-7KW", "HLM-WHT": 12
        case "LNR-240": 0.3
        case "CBL-3G25", "CBL-CAT6": 0.1
        case "SLT-ICE", "GRS-EP2": 1.2
        default: ["fasteners": 0.02, "bearings": 0.4, "power transmission": 0.6, "safety": 2, "electrical": 1.5][family] ?? 3
        }
    }

    /// People's safety first, then what stops a customer's line.
    var criticality: String {
        switch id {
        case "RSP-P100", "HRN-2PT": "vital"
        case "MTR-1HP", "BRG-22210", "CNT-25A": "high"
        default: abcClass == "C" ? "low" : "normal"
        }
    }

    /// What the supplier sells it in: cases and boxes unopened, everything else in any length or weight of whole packs.
    var sellsByPack: Bool { pack?.unit == "CS" || pack?.unit == "BX" }

    /// Mean demand of a working day at one warehouse.
    func perDay(at warehouse: Warehouse) -> Double { perDay * warehouse.share }

    func record(index: Int, today: BusinessDate, changedAt: Instant) throws(Fault) -> ERPItem {
        let alternatives = try pack.map { pack throws(Fault) in
            ERPUnit(
                unit: pack.unit, factor: try Ratio(pack.numerator, pack.denominator),
                gtin: gtin("1\(companyPrefix)\(threeDigits(index))"))
        }
        return ERPItem(
            id: id, changedAt: changedAt, title: title, family: family, unit: unit,
            alternativeUnits: alternatives.map { [$0] } ?? [], gtin: gtin("0\(companyPrefix)\(threeDigits(index))"),
            abcClass: abcClass, criticality: criticality, unitValue: try Money(rounding: Double(cents) / 100), currency: "USD",
            introducedOn: today.adding(days: -7 * pattern.weeksOfHistory), space: try Quantity(rounding: litres),
            supersededBy: supersededBy, active: true)
    }
}

/// How demand for an item behaves over time.
enum DemandPattern: Sendable {
    /// About the same every week.
    case smooth
    /// A yearly wave: `strength` above and below the mean, highest in calendar week `peakWeek`.
    case seasonal(peakWeek: Int, strength: Double)
    /// Grows or shrinks by this share in a year.
    case trending(Double)
    /// Wanted on only `share` of the working days, then in larger amounts.
    case intermittent(share: Double)
    /// Sold for only so many weeks so far, and still catching on.
    case new(weeks: Int)

    static let fullHistoryWeeks = 60

    var weeksOfHistory: Int {
        if case .new(let weeks) = self { weeks } else { Self.fullHistoryWeeks }
    }
}

/// Nine digits that GS1 might have given the company; the block is GS1's for examples.
private let companyPrefix = "952123456"

private func threeDigits(_ number: Int) -> String {
    String(String(1000 + number).suffix(3))
}

/// 13 digits with the GS1 check digit behind them: a GTIN-14.
func gtin(_ digits: String) -> String {
    let sum = digits.utf8.enumerated().reduce(0) { sum, place in
        sum + Int(place.element - UInt8(ascii: "0")) * (place.offset.isMultiple(of: 2) ? 3 : 1)
    }
    return digits + String((10 - sum % 10) % 10)
}
