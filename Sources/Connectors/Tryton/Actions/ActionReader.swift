import CanonicalModel
import ConnectorKit
import Vocabulary

/// Finds in Tryton what an action talks about.
struct ActionReader: Sendable {
    let client: TrytonClient
    let names: Crosswalk
    let session: TrytonClient.Session

    init(_ client: TrytonClient, names: Crosswalk) async throws(Fault) {
        self.client = client
        self.names = names
        do throws(CallFailure) {
            session = try await client.open()
        } catch {
            throw error.fault
        }
    }

    var units: UnitTable { client.settings.units }

    func product(_ item: ID<Item>) async throws(Fault) -> Record {
        let code = names.externalID(of: item)
        return try await only(
            "product.product", FeedReader.stockedGoods + [["code", "=", .text(code)]],
            ["code", "name", "default_uom.symbol", "purchase_uom.symbol"], "item", code)
    }

    func warehouse(_ location: ID<Location>) async throws(Fault) -> Record {
        let code = names.externalID(of: location)
        return try await only(
            "stock.location", [["type", "=", "warehouse"], ["code", "=", .text(code)]], ["code", "name", "storage_location"],
            "location", code)
    }

    func supplier(_ supplier: ID<Supplier>) async throws(Fault) -> Record {
        let code = names.externalID(of: supplier)
        return try await only("party.party", [["code", "=", .text(code)]], ["code"], "supplier", code)
    }

    func currency(_ code: CurrencyCode) async throws(Fault) -> Record {
        try await only("currency.currency", [["code", "=", .text(code.rawValue)]], ["code"], "currency", code.rawValue)
    }

    /// The product's own unit that bears this code.
    ///
    /// - Throws: `unit.unknownConversion` when the product is neither stocked nor bought in it.
    func unit(_ code: UnitCode, of product: Record) throws(Fault) -> Int64 {
        for field in ["default_uom", "purchase_uom"] {
            guard let symbol = product.optionalText("\(field).symbol"), let unit = product["\(field).id"].integer else {
                continue
            }
            if (try? units.code(of: symbol, field: field)) == code { return unit }
        }
        let own = ["default_uom.symbol", "purchase_uom.symbol"].compactMap(product.optionalText).joined(separator: ", ")
        throw Fault(
            .unknownConversion, .review(by: "masterData"),
            "Product \(product.name) counts in \(own) in Tryton, none of which is \(code) here: check the setting units.")
    }

    /// Codes are not unique in Tryton, and an action is for exactly one thing.
    private func only(
        _ model: String, _ domain: [RPCValue], _ fields: [String], _ what: String, _ code: String
    ) async throws(Fault) -> Record {
        let found = try await client.search(model, domain, fields, limit: 2)
        guard found.count == 1, let record = found.first else {
            let count = found.isEmpty ? "no active \(model)" : "more than one \(model)"
            throw Fault(
                .notFound, .review(by: "masterData"),
                "Tryton has \(count) with the code \(code), which stands for the \(what) of this action.",
                violations: [Violation(what, found: code, expected: "the code of exactly one active \(model)")])
        }
        return record
    }
}
