import CanonicalModel
import ConnectorKit
import Vocabulary

/// A product supplier of Tryton is a sourcing for every location.
extension FeedReader {
    private static let sourcingFields = [
        "product.code", "template.products.code", "party", "party.code", "party.supplier_lead_time", "lead_time", "sequence",
        "currency.code", "unit.symbol", "quantity_minimal", "quantity_rounding", "prices.quantity", "prices.unit_price",
    ]

    func sourcing(_ round: FeedRound) async throws(Fault) -> Page {
        let slice = try await records("purchase.product_supplier", [ofCompany()], Self.sourcingFields, round)
        let spread = try await LeadTimeSpread(of: Set(slice.records.compactMap { $0["party"].integer }), read: self)
        var harvest = Harvest(observedAt: observedAt)
        // Of several records for one item and supplier Tryton buys by the one that comes first.
        let preferred = slice.records.sorted { (rank($0), $0["id"].integer ?? 0) < (rank($1), $1["id"].integer ?? 0) }
        for record in preferred {
            harvest.take(record) { record, harvest throws(Fault) in
                for code in try productCodes(record) {
                    let sourcing = try sourcing(record, item: code, spread)
                    try harvest.add(sourcing, as: .sourcing(sourcing), externalID: "\(try record.id)/\(code)")
                }
            }
        }
        return page(harvest, slice, round, stages: 1, end: nil)
    }

    /// Records without a sequence come first in Tryton.
    private func rank(_ record: Record) -> Int64 { record["sequence"].integer ?? 0 }

    /// The product, or all of the template when no product is named.
    private func productCodes(_ record: Record) throws(Fault) -> [String] {
        if !record["product.id"].isNull { return [try record.code("product.code")] }
        guard let template = record.values["template."], !template.isNull else {
            throw record.invalid("product.code", "a product")
        }
        var codes: [String] = []
        for product in try Record(template, of: "product.template").records("products") { codes.append(try product.code("code")) }
        return codes
    }

    private func sourcing(_ record: Record, item code: String, _ spread: LeadTimeSpread) throws(Fault) -> Sourcing {
        let (own, usual) = (try record.optionalDays("lead_time"), try record.optionalDays("party.supplier_lead_time"))
        guard let days = own ?? usual else {
            throw record.invalid("lead_time", "a lead time here or on the supplier")
        }
        return Sourcing(
            item: names.item(code), supplier: names.supplier(try record.code("party.code")), rank: Int(clamping: rank(record)),
            leadTimeDays: days,
            leadTimeDeviation: spread.deviation(of: record["party"].integer) ?? days * settings.leadTimes.deviationShare,
            unit: try settings.units.code(in: record, "unit"),
            minimumQuantity: try record.optionalQuantity("quantity_minimal") ?? .zero,
            multiple: try record.optionalQuantity("quantity_rounding") ?? .zero, price: try basePrice(record),
            currency: try CurrencyCode(checking: try record.text("currency.code"), field: "currency.code"))
    }

    /// The price without any break: that of the lowest quantity.
    private func basePrice(_ record: Record) throws(Fault) -> Money {
        var lowest: (quantity: Quantity, price: Money)?
        for entry in try record.records("prices") {
            let quantity = try entry.optionalQuantity("quantity") ?? .zero
            guard let price = try entry.optionalMoney("unit_price") else { throw entry.invalid("unit_price", "a price") }
            if lowest.map({ quantity < $0.quantity }) ?? true { lowest = (quantity, price) }
        }
        guard let lowest else { throw .invalid("prices", found: nil, expected: "at least one price") }
        return lowest.price
    }
}

/// How much the lead times of suppliers vary, measured on what they delivered.
///
/// For each received purchase line: the days from the order to the first receipt, less the lead time agreed for
/// it (that of its product supplier, or else the delivery date that was promised). The deviation is the
/// sample standard deviation of these differences over the supplier's lines; being always late by the same
/// number of days is no deviation but a lead time that wants correcting.
struct LeadTimeSpread: Sendable {
    private let deviations: [Int64: Double]

    /// Nil for a supplier with too few receipts.
    func deviation(of party: Int64?) -> Double? { party.flatMap { deviations[$0] } }

    init(of parties: Set<Int64>, read reader: FeedReader) async throws(Fault) {
        guard !parties.isEmpty else {
            deviations = [:]
            return
        }
        let rules = reader.settings.leadTimes
        let earliest = TimeZoneName.utc.date(at: reader.observedAt).adding(days: -rules.historyDays)
        let lines = try await reader.search(
            "purchase.line",
            [
                reader.ofCompany("purchase.company"), ["moves.state", "=", "done"],
                ["purchase.party", "in", .ids(parties.sorted())],
                ["purchase.purchase_date", ">=", .date(earliest)],
            ],
            [
                "purchase.party", "purchase.purchase_date", "product_supplier.lead_time", "delivery_date_store",
                "moves.state", "moves.effective_date",
            ],
            limit: 5000, newestFirst: true)
        var differences: [Int64: [Double]] = [:]
        for line in lines {
            guard let party = line["purchase.party"].integer, let difference = try Self.difference(line) else { continue }
            differences[party, default: []].append(difference)
        }
        deviations = differences.filter { $0.value.count >= rules.receipts }.mapValues(Self.deviation)
    }

    private static func difference(_ line: Record) throws(Fault) -> Double? {
        guard let ordered = try line.optionalDate("purchase.purchase_date") else { return nil }
        var received: BusinessDate?
        for move in try line.records("moves") where move["state"] == "done" {
            guard let day = try move.optionalDate("effective_date") else { continue }
            received = min(received ?? day, day)
        }
        let promised = try line.optionalDate("delivery_date_store").map { Double($0.days(since: ordered)) }
        let listed = try line.optionalDays("product_supplier.lead_time")
        guard let received, let agreed = listed ?? promised else { return nil }
        return Double(received.days(since: ordered)) - agreed
    }

    /// With n - 1 in the denominator.
    static func deviation(_ values: [Double]) -> Double {
        guard values.count > 1 else { return 0 }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(values.count - 1)).squareRoot()
    }
}
