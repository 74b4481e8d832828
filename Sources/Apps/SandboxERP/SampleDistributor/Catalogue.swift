import Vocabulary

/// The forty items of the sample company.
enum Catalogue {
    static let lines = bearings + fasteners + safety + electrical + janitorial + newcomers

    static func line(_ id: String) -> CatalogueLine? { lines.first { $0.id == id } }

    private static let bearings = [
        CatalogueLine(
            id: "BRG-6204", title: "Deep-groove bearing 6204", family: "bearings", pack: .cases(of: 24), cents: 1140,
            abcClass: "A", perDay: 42, pattern: .smooth, supplier: "HALDEN"),
        CatalogueLine(
            id: "BRG-6205", title: "Deep-groove bearing 6205", family: "bearings", pack: .cases(of: 24), cents: 1290,
            abcClass: "A", perDay: 36, pattern: .smooth, supplier: "HALDEN"),
        CatalogueLine(
            id: "BRG-22210", title: "Spherical roller bearing 22210", family: "bearings", cents: 8600, abcClass: "A",
            perDay: 4, pattern: .intermittent(share: 0.45), supplier: "HALDEN"),
        CatalogueLine(
            id: "BLT-A42", title: "V-belt A42", family: "power transmission", cents: 970, abcClass: "B", perDay: 18,
            pattern: .smooth, supplier: "HALDEN"),
        CatalogueLine(
            id: "BLT-B60", title: "V-belt B60", family: "power transmission", cents: 1480, abcClass: "B", perDay: 12,
            pattern: .trending(-0.3), supplier: "HALDEN", supersededBy: "BLT-B60X"),
        CatalogueLine(
            id: "CPL-L095", title: "Jaw coupling L095", family: "power transmission", cents: 2750, abcClass: "C",
            perDay: 1.5, pattern: .intermittent(share: 0.2), supplier: "HALDEN"),
        CatalogueLine(
            id: "GRS-EP2", title: "Lithium grease EP2", family: "lubricants", unit: "KGM",
            pack: .init(unit: "DR", numerator: 45, denominator: 2), cents: 640, abcClass: "B", perDay: 30, pattern: .smooth,
            supplier: "TALLOW"),
    ]

    private static let fasteners = [
        CatalogueLine(
            id: "SCR-M6X20", title: "Hex screw M6 x 20, zinc", family: "fasteners", pack: .boxes(of: 200), cents: 7,
            abcClass: "B", perDay: 900, pattern: .smooth, supplier: "KORVAL"),
        CatalogueLine(
            id: "SCR-M8X30", title: "Hex screw M8 x 30, zinc", family: "fasteners", pack: .boxes(of: 100), cents: 13,
            abcClass: "B", perDay: 620, pattern: .smooth, supplier: "KORVAL"),
        CatalogueLine(
            id: "NUT-M8", title: "Hex nut M8, zinc", family: "fasteners", pack: .boxes(of: 200), cents: 4, abcClass: "C",
            perDay: 700, pattern: .smooth, supplier: "KORVAL"),
        CatalogueLine(
            id: "ANC-10X80", title: "Wedge anchor 10 x 80", family: "fasteners", pack: .boxes(of: 50), cents: 58,
            abcClass: "B", perDay: 160, pattern: .seasonal(peakWeek: 26, strength: 0.5), supplier: "KORVAL"),
        CatalogueLine(
            id: "RIV-4X10", title: "Blind rivet 4 x 10", family: "fasteners", pack: .boxes(of: 500), cents: 3, abcClass: "C",
            perDay: 500, pattern: .intermittent(share: 0.5), supplier: "KORVAL"),
        CatalogueLine(
            id: "ROD-M10", title: "Threaded rod M10", family: "fasteners", unit: "MTR",
            pack: .init(unit: "BE", numerator: 25), cents: 210, abcClass: "C", perDay: 24, pattern: .smooth,
            supplier: "KORVAL"),
    ]

    private static let safety = [
        CatalogueLine(
            id: "GLV-NIT-L", title: "Nitrile gloves L, 100 pieces", family: "safety", pack: .cases(of: 10), cents: 890,
            abcClass: "A", perDay: 120, pattern: .smooth, supplier: "PASSAGE"),
        CatalogueLine(
            id: "GLV-NIT-M", title: "Nitrile gloves M, 100 pieces", family: "safety", pack: .cases(of: 10), cents: 890,
            abcClass: "A", perDay: 95, pattern: .smooth, supplier: "PASSAGE"),
        CatalogueLine(
            id: "GLV-WINTER", title: "Winter work gloves", family: "safety", pack: .cases(of: 12), cents: 1450, abcClass: "B",
            perDay: 26, pattern: .seasonal(peakWeek: 50, strength: 0.85), supplier: "PASSAGE"),
        CatalogueLine(
            id: "HLM-WHT", title: "Safety helmet, white", family: "safety", pack: .cases(of: 20), cents: 1720, abcClass: "B",
            perDay: 14, pattern: .smooth, supplier: "BRECON"),
        CatalogueLine(
            id: "GGL-CLR", title: "Safety goggles, clear", family: "safety", pack: .cases(of: 50), cents: 540, abcClass: "B",
            perDay: 44, pattern: .smooth, supplier: "BRECON"),
        CatalogueLine(
            id: "RSP-P100", title: "Half-mask respirator P100", family: "safety", cents: 3890, abcClass: "A", perDay: 11,
            pattern: .trending(0.4), supplier: "BRECON"),
        CatalogueLine(
            id: "HRN-2PT", title: "Fall-arrest harness, two points", family: "safety", cents: 11_900, abcClass: "B",
            perDay: 2, pattern: .intermittent(share: 0.3), supplier: "BRECON"),
    ]

    private static let electrical = [
        CatalogueLine(
            id: "CBL-3G25", title: "Cable 3G2.5, black", family: "electrical", unit: "MTR",
            pack: .init(unit: "RO", numerator: 305, denominator: 2), cents: 165, abcClass: "A", perDay: 480, pattern: .smooth,
            supplier: "OSTRAVA"),
        CatalogueLine(
            id: "CBL-CAT6", title: "Network cable Cat 6", family: "electrical", unit: "MTR",
            pack: .init(unit: "RO", numerator: 305), cents: 62, abcClass: "B", perDay: 700, pattern: .trending(0.25),
            supplier: "OSTRAVA"),
        CatalogueLine(
            id: "CNT-25A", title: "Contactor 25 A", family: "electrical", cents: 4650, abcClass: "A", perDay: 9,
            pattern: .smooth, supplier: "OSTRAVA"),
        CatalogueLine(
            id: "BRK-C16", title: "Circuit breaker C16", family: "electrical", pack: .boxes(of: 12), cents: 780,
            abcClass: "A", perDay: 48, pattern: .smooth, supplier: "OSTRAVA"),
        CatalogueLine(
            id: "LED-4FT", title: "LED tube 4 ft", family: "electrical", pack: .cases(of: 25), cents: 920, abcClass: "A",
            perDay: 65, pattern: .seasonal(peakWeek: 46, strength: 0.35), supplier: "OSTRAVA"),
        CatalogueLine(
            id: "FUS-10A", title: "Fuse 10 A, slow", family: "electrical", pack: .boxes(of: 10), cents: 190, abcClass: "C",
            perDay: 20, pattern: .intermittent(share: 0.5), supplier: "OSTRAVA"),
        CatalogueLine(
            id: "MTR-1HP", title: "Electric motor 1 hp", family: "electrical", cents: 21_500, abcClass: "A", perDay: 2.5,
            pattern: .intermittent(share: 0.35), supplier: "OSTRAVA"),
    ]

    private static let janitorial = [
        CatalogueLine(
            id: "TWL-ROLL", title: "Paper towel roll", family: "janitorial", pack: .cases(of: 12), cents: 410, abcClass: "A",
            perDay: 210, pattern: .smooth, supplier: "TALLOW"),
        CatalogueLine(
            id: "SOP-5L", title: "Hand soap 5 l", family: "janitorial", pack: .cases(of: 4), cents: 1180, abcClass: "B",
            perDay: 34, pattern: .smooth, supplier: "TALLOW"),
        CatalogueLine(
            id: "DSF-1L", title: "Surface disinfectant 1 l", family: "janitorial", pack: .cases(of: 12), cents: 560,
            abcClass: "B", perDay: 70, pattern: .seasonal(peakWeek: 3, strength: 0.4), supplier: "TALLOW"),
        CatalogueLine(
            id: "SLT-ICE", title: "Ice-melt salt", family: "janitorial", unit: "KGM", pack: .init(unit: "BG", numerator: 25),
            cents: 55, abcClass: "B", perDay: 300, pattern: .seasonal(peakWeek: 2, strength: 0.95), supplier: "TALLOW"),
        CatalogueLine(
            id: "MOP-HEAD", title: "Mop head, cotton", family: "janitorial", pack: .cases(of: 24), cents: 620, abcClass: "C",
            perDay: 16, pattern: .smooth, supplier: "WENDOVER"),
        CatalogueLine(
            id: "BIN-120", title: "Waste bin 120 l", family: "janitorial", cents: 4200, abcClass: "C", perDay: 3,
            pattern: .intermittent(share: 0.4), supplier: "WENDOVER"),
        CatalogueLine(
            id: "LNR-240", title: "Bin liner 240 l", family: "janitorial", pack: .cases(of: 100), cents: 32, abcClass: "B",
            perDay: 420, pattern: .smooth, supplier: "WENDOVER"),
        CatalogueLine(
            id: "FAN-PED", title: "Pedestal fan", family: "janitorial", cents: 6400, abcClass: "B", perDay: 6,
            pattern: .seasonal(peakWeek: 28, strength: 0.9), supplier: "WENDOVER"),
    ]

    private static let newcomers = [
        CatalogueLine(
            id: "BLT-B60X", title: "V-belt B60, long life", family: "power transmission", cents: 1690, abcClass: "B",
            perDay: 8, pattern: .new(weeks: 9), supplier: "HALDEN"),
        CatalogueLine(
            id: "EVC-7KW", title: "Vehicle charger 7 kW", family: "electrical", cents: 28_900, abcClass: "A", perDay: 3,
            pattern: .new(weeks: 6), supplier: "QUILLON"),
        CatalogueLine(
            id: "BAT-LI18", title: "Battery 18 V, 5 Ah", family: "electrical", cents: 5400, abcClass: "A", perDay: 10,
            pattern: .new(weeks: 14), supplier: "QUILLON"),
        CatalogueLine(
            id: "DRL-18V", title: "Cordless drill 18 V", family: "electrical", cents: 9800, abcClass: "B", perDay: 5,
            pattern: .smooth, supplier: "QUILLON"),
        CatalogueLine(
            id: "TST-MM3", title: "Digital multimeter", family: "electrical", cents: 5200, abcClass: "C", perDay: 3,
            pattern: .intermittent(share: 0.4), supplier: "QUILLON"),
    ]
}
