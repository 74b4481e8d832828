import Vocabulary

/// A supplier of the sample company and the terms it gives for everything it delivers.
struct SupplierProfile: Sendable {
    let id: String
    let title: String
    let country: String
    let leadTimeDays: Double
    let leadTimeDeviationDays: Double
    /// The least it delivers of one item, in packs (or in units where there are no packs).
    let minimumPacks: Int
    /// The most it delivers of one item at once, in packs; nil for no limit.
    var maximumPacks: Int?

    static let all = [
        SupplierProfile(
            id: "HALDEN", title: "Halden Bearings", country: "SE", leadTimeDays: 21, leadTimeDeviationDays: 4,
            minimumPacks: 4),
        SupplierProfile(
            id: "KORVAL", title: "Korval Fastener Works", country: "TW", leadTimeDays: 35, leadTimeDeviationDays: 8,
            minimumPacks: 20),
        SupplierProfile(
            id: "PASSAGE", title: "Passage Protective", country: "MY", leadTimeDays: 28, leadTimeDeviationDays: 7,
            minimumPacks: 20, maximumPacks: 400),
        SupplierProfile(
            id: "BRECON", title: "Brecon Safety", country: "US", leadTimeDays: 9, leadTimeDeviationDays: 2, minimumPacks: 2),
        SupplierProfile(
            id: "OSTRAVA", title: "Ostrava Electric", country: "CZ", leadTimeDays: 18, leadTimeDeviationDays: 3,
            minimumPacks: 5),
        SupplierProfile(
            id: "TALLOW", title: "Tallow and Sons", country: "US", leadTimeDays: 7, leadTimeDeviationDays: 1.5,
            minimumPacks: 6),
        SupplierProfile(
            id: "WENDOVER", title: "Wendover Facility Supply", country: "US", leadTimeDays: 10, leadTimeDeviationDays: 2.5,
            minimumPacks: 3, maximumPacks: 120),
        SupplierProfile(
            id: "QUILLON", title: "Quillon Power", country: "US", leadTimeDays: 14, leadTimeDeviationDays: 3,
            minimumPacks: 10, maximumPacks: 300),
    ]

    static func named(_ id: String) -> SupplierProfile? { all.first { $0.id == id } }

    func record(changedAt: Instant) -> ERPSupplier {
        ERPSupplier(
            id: id, changedAt: changedAt, title: title, country: country, currency: "USD", calendar: .mondayToFriday)
    }
}

/// The sourcing rows: one for every item, and the exceptions to it.
struct SupplyTerms: Sendable {
    let today: BusinessDate
    let changedAt: Instant

    /// Second suppliers: quicker, dearer.
    private static let alternatives: [(item: String, supplier: String, priceFactor: Double)] = [
        ("BRG-6204", "QUILLON", 1.18), ("GLV-NIT-L", "BRECON", 1.22), ("GLV-NIT-M", "BRECON", 1.22),
        ("LED-4FT", "QUILLON", 1.12), ("LNR-240", "TALLOW", 1.09),
    ]

    /// Longer ways: these take more days to one warehouse than to the others.
    private static let longerWays: [(item: String, location: String, extraDays: Double)] = [
        ("TWL-ROLL", "RNO", 5), ("SLT-ICE", "RNO", 6), ("SOP-5L", "RNO", 5),
    ]

    func records() throws(Fault) -> [ERPSourcing] {
        var records: [ERPSourcing] = []
        for line in Catalogue.lines {
            guard let supplier = SupplierProfile.named(line.supplier) else { continue }
            records.append(try terms(line, supplier, location: nil, priceFactor: 1, extraDays: 0, rank: 1))
        }
        for other in Self.alternatives {
            guard let line = Catalogue.line(other.item), let supplier = SupplierProfile.named(other.supplier) else { continue }
            records.append(try terms(line, supplier, location: nil, priceFactor: other.priceFactor, extraDays: 0, rank: 2))
        }
        for way in Self.longerWays {
            guard let line = Catalogue.line(way.item), let supplier = SupplierProfile.named(line.supplier) else { continue }
            records.append(
                try terms(line, supplier, location: way.location, priceFactor: 1, extraDays: way.extraDays, rank: 1))
        }
        return records
    }

    private func terms(
        _ line: CatalogueLine, _ supplier: SupplierProfile, location: String?, priceFactor: Double, extraDays: Double,
        rank: Int
    ) throws(Fault) -> ERPSourcing {
        let pack = try line.pack.map { pack throws(Fault) in try Ratio(pack.numerator, pack.denominator) } ?? .one
        // Cases and boxes are priced and counted as such; from drums and rolls the supplier invoices kilograms and metres.
        let lot = line.sellsByPack ? Ratio.one : pack
        let perUnit = line.sellsByPack ? pack.double : 1
        let place = location.map { "@\($0)" } ?? ""
        return ERPSourcing(
            id: "\(line.id)/\(supplier.id)\(place)", changedAt: changedAt, item: line.id, supplier: supplier.id,
            location: location, leadTimeDays: try Quantity(rounding: supplier.leadTimeDays + extraDays),
            leadTimeDeviationDays: try Quantity(rounding: supplier.leadTimeDeviationDays),
            unit: line.sellsByPack ? line.pack?.unit ?? line.unit : line.unit,
            minimumQuantity: try Quantity(supplier.minimumPacks).multiplied(by: lot),
            multipleQuantity: try Quantity(1).multiplied(by: lot),
            maximumQuantity: try supplier.maximumPacks.map { packs throws(Fault) in
                try Quantity(packs).multiplied(by: lot)
            },
            price: try Money(rounding: (Double(line.cents) * priceFactor * perUnit).rounded() / 100), currency: "USD",
            validFrom: today.adding(days: -365), validUntil: rank == 2 ? today.adding(days: 180) : nil, rank: rank)
    }
}
