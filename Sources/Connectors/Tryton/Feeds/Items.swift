import CanonicalModel
import ConnectorKit
import Vocabulary

/// A product of type goods that is not consumable is an item; its code is its name here.
extension FeedReader {
    static let stockedGoods: [RPCValue] = [["type", "=", "goods"], ["consumable", "=", false]]

    private static let itemFields =
        ["code", "name", "active", "cost_price", "identifiers.type", "identifiers.code", "categories.name", "replaced_by.code"]
        + ["default_uom", "purchase_uom", "sale_uom"].flatMap { ["\($0).symbol", "\($0).factor", "\($0).rate"] }

    /// Names and units are the template's, so that its changes count as the item's.
    func items(_ round: FeedRound) async throws(Fault) -> Page {
        let slice = try await records(
            "product.product", Self.stockedGoods + round.modified("last_modified_at", "template.last_modified_at"),
            Self.itemFields, round, context: ["active_test": false])
        let shared = try await codesOfSeveral(slice.records)
        let currency = slice.records.isEmpty ? nil : try await companyCurrency()
        var harvest = Harvest(observedAt: observedAt)
        for record in slice.records {
            harvest.take(record) { record, harvest throws(Fault) in
                let code = try record.code("code")
                guard !shared.contains(code) else {
                    throw .invalid("code", found: code, expected: "a code that no other product has")
                }
                let item = try item(record, code: code, currency: currency)
                try harvest.add(item, as: .item(item), externalID: code)
            }
        }
        return incremental(harvest, slice, round)
    }

    private func item(_ record: Record, code: String, currency: CurrencyCode?) throws(Fault) -> Item {
        let unit = try settings.units.code(in: record, "default_uom")
        let cost = try record.optionalMoney("cost_price")
        return Item(
            id: names.item(code), name: try record.text("name"), stockingUnit: unit,
            conversions: try conversions(record), gtin: try tradeItemNumber(record),
            family: try record.records("categories").first?.optionalText("name"), unitCost: cost,
            currency: cost == nil ? nil : currency,
            supersededBy: record.optionalText("replaced_by.code").map(names.item), isRetired: !(try record.flag("active")))
    }

    private func conversions(_ record: Record) throws(Fault) -> [UnitConversion] {
        var conversions: [UnitConversion] = []
        for field in ["purchase_uom", "sale_uom"] where !record["\(field).id"].isNull {
            if record["\(field).id"] == record["default_uom.id"] { continue }
            let conversion = UnitConversion(
                unit: try settings.units.code(in: record, field),
                factor: try UnitRatio.of(field, in: "default_uom", record: record))
            if !conversions.contains(conversion) { conversions.append(conversion) }
        }
        return conversions
    }

    private func tradeItemNumber(_ record: Record) throws(Fault) -> String? {
        try record.records("identifiers").first { $0.optionalText("type") == "ean" }?.optionalText("code")
    }

    /// Tryton does not keep product codes unique.
    private func codesOfSeveral(_ records: [Record]) async throws(Fault) -> Set<String> {
        let codes = records.compactMap { $0.optionalText("code") }
        guard !codes.isEmpty else { return [] }
        let domain: RPCValue = .list(Self.stockedGoods + [["code", "in", .texts(codes)]])
        let context: [String: RPCValue] = ["active_test": false]
        let count = try await client.ask("model.product.product.search_count", [domain, 0, .null], context: context)
        if count.integer == Int64(Set(codes).count) { return [] }
        let all = try await search(
            "product.product", Self.stockedGoods + [["code", "in", .texts(codes)]], ["code"], context: context)
        let groups = Dictionary(grouping: all.compactMap { $0.optionalText("code") }) { $0 }
        return Set(groups.filter { $0.value.count > 1 }.keys)
    }

    func companyCurrency() async throws(Fault) -> CurrencyCode {
        guard let company = try await client.read("company.company", [session.company], ["currency.code"]).first else {
            throw .protocolBroken("Tryton does not tell about company \(session.company).")
        }
        return try CurrencyCode(checking: try company.text("currency.code"), field: "company.currency.code")
    }
}
