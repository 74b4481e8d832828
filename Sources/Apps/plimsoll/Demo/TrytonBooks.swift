import ConnectorKit
import Foundation
import Server
import Vocabulary

/// A real Tryton in a demonstration, looked into over its own interface and without Plimsoll.
struct TrytonBooks: DemoERP {
    let facts: JSONValue
    let connector = "tryton"
    private let exchange = HTTPClientExchange()
    private let session = Session()

    /// Who we are to Tryton, and for which company; nil before the first call.
    private actor Session {
        var known: (authorization: String, context: JSONValue)?

        func remember(_ authorization: String, _ context: JSONValue) { known = (authorization, context) }
    }

    /// - Parameter facts: the file that `scripts/tryton up --json` wrote.
    init(facts path: String) throws {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(message: "\(path) cannot be read; scripts/tryton up PORT --json writes it.", code: .refused)
        }
        facts = try JSONValue(Array(bytes))
    }

    var settings: [String: String] {
        [
            "url": facts["url"].shown, "database": facts["database"].shown, "user": "integration",
            "password": facts["users.integration"].shown, "units": "cs12=CS", "laneCostPerShipment": "60",
            "laneCostPerUnit": "0.05",
            "regions": "DC-EAST=east, DC-CENTRAL=central, DC-WEST=west",
            "timeZones": "DC-EAST=America/New_York, DC-CENTRAL=America/Chicago, DC-WEST=America/Los_Angeles",
        ]
    }

    var introduction: String {
        "Tryton \(facts["series"].shown) at \(facts["url"].shown): a distributor with three warehouses and "
            + "\(facts["weeks"].shown) weeks of history."
    }

    func documents(of row: JSONValue) async throws -> [String] {
        if row["action.kind"].string == "setInventoryPolicy" { return try await orderPoints(row["action"]) }
        let reference = row["reference"].shown
        var found: [String] = []
        for (model, field) in [("stock.shipment.internal", "reference"), ("purchase.requisition", "description")] {
            let domain: JSONValue = .list([.list([.string(field), .string("="), .string(reference)])])
            let rows = try await call(
                "model.\(model).search_read",
                [domain, .number(0), .null, .null, .list([.string("number"), .string("state")])])
            found += rows.list.map { "\(model) \($0["number"].shown) (\($0["state"].shown))" }
        }
        return found
    }

    /// Tryton's order points have no field for our reference: the figures themselves are the proof.
    private func orderPoints(_ action: JSONValue) async throws -> [String] {
        let location = action["location"].shown
        func equal(_ field: String, _ value: JSONValue) -> JSONValue { .list([.string(field), .string("="), value]) }
        func number(_ path: String) -> JSONValue { .number(action[path].string.flatMap(Double.init) ?? -1) }
        let place: JSONValue = .list([
            .string("OR"), equal("location.code", .string(location)), equal("location.parent.code", .string(location)),
        ])
        let domain: JSONValue = .list([
            equal("product.code", action["item"]), equal("min_quantity", number("levels.reorderPoint")),
            equal("target_quantity", number("levels.orderUpTo")), place,
        ])
        let rows = try await call(
            "model.stock.order_point.search_read", [domain, .number(0), .null, .null, .list([.string("rec_name")])])
        return rows.list.map { "stock.order_point \($0["rec_name"].shown)" }
    }

    func orderByHand(item: String, location: String, quantity: String, unit: String, supplier: String, dueInDays: Int)
        async throws -> String
    {
        let product = try await find("product.product", "code", item)
        let party = try await find("party.party", "code", supplier)
        let warehouse = try await find("stock.location", "code", location)
        let address = try await call(
            "model.party.address.search",
            [.list([.list([.string("party"), .string("="), party])]), .number(0), .number(1), .null])
        let unit = try await call(
            "model.product.product.read", [.list([product]), .list([.string("default_uom"), .string("cost_price")])])
        let today = TimeZoneName.utc.date(at: WallClock.system.now())
        let line: JSONValue = .object([
            "type": .string("line"), "product": product, "quantity": .number(Double(quantity) ?? 0),
            "unit": unit["0.default_uom"],
            "unit_price": .object(["__class__": .string("Decimal"), "decimal": .string("1.00")]),
            "delivery_date_edit": .bool(true), "delivery_date_store": date(today.adding(days: dueInDays)),
        ])
        let order: JSONValue = .object([
            "party": party, "invoice_address": address["0"], "warehouse": warehouse, "purchase_date": date(today),
            "reference": .string("BY-HAND"), "lines": .list([.list([.string("create"), .list([line])])]),
        ])
        let ids = try await call("model.purchase.purchase.create", [.list([order])])
        for button in ["quote", "confirm"] { _ = try await call("model.purchase.purchase.\(button)", [ids]) }
        return try await call("model.purchase.purchase.read", [ids, .list([.string("number")])])["0.number"].shown
    }

    func loseNextAnswer() async throws -> Bool { false }
    func ledger() async throws -> String? { nil }
    func close() async { await exchange.shutdown() }

    private func find(_ model: String, _ field: String, _ value: String) async throws -> JSONValue {
        let domain: JSONValue = .list([.list([.string(field), .string("="), .string(value)])])
        let ids = try await call("model.\(model).search", [domain, .number(0), .number(1), .null])
        guard case .number = ids["0"] else { throw CommandFailure(message: "Tryton has no \(model) \(value).", code: .wrong) }
        return ids["0"]
    }

    private func date(_ date: BusinessDate) -> JSONValue {
        let (year, month, day) = date.parts
        return .object([
            "__class__": .string("date"), "year": .number(Double(year)), "month": .number(Double(month)),
            "day": .number(Double(day)),
        ])
    }

    /// One call as the integration user, who logs in with the first.
    private func call(_ method: String, _ parameters: [JSONValue]) async throws -> JSONValue {
        if await session.known == nil { try await logIn() }
        guard let (authorization, context) = await session.known else { return .null }
        return try await post(method, parameters + [context], authorization: authorization)
    }

    private func logIn() async throws {
        let login = try await post(
            "common.db.login",
            [.string("integration"), .object(["password": facts["users.integration"]]), .string("en")], authorization: nil)
        let named = "integration:\(login["0"].shown):\(login["1"].shown)"
        let authorization = "Session \(Data(named.utf8).base64EncodedString())"
        let preferences = try await post(
            "model.res.user.get_preferences", [.bool(true), .object([:])], authorization: authorization)
        let context: JSONValue = .object(["company": preferences["company"], "employee": preferences["employee"]])
        await session.remember(authorization, context)
    }

    private func post(_ method: String, _ parameters: [JSONValue], authorization: String?) async throws -> JSONValue {
        var headers = [(name: "Content-Type", value: "application/json"), (name: "Accept-Encoding", value: "gzip")]
        if let authorization { headers.append((name: "Authorization", value: authorization)) }
        let body: JSONValue = .object(["id": .number(1), "method": .string(method), "params": .list(parameters)])
        let response: WireResponse
        do {
            response = try await exchange.send(
                WireRequest(
                    "POST", facts["json_rpc"].shown, headers: headers, body: try JSON.bytes(of: body), timeout: .seconds(70)))
        } catch {
            throw CommandFailure(message: "Tryton does not answer: \(error)", code: .unreachable)
        }
        let answer = try JSONValue(response.body)
        guard answer["error"] == .null else {
            throw CommandFailure(message: "Tryton refuses \(method): \(answer["error"].shown)", code: .wrong)
        }
        return answer["result"]
    }
}
