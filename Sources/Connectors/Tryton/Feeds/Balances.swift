import CanonicalModel
import ConnectorKit
import Vocabulary

/// The stock of every item in every warehouse, one warehouse after the other; items that a warehouse has
/// never held are there too, with nothing: a zero is a fact.
extension FeedReader {
    func balances(_ round: FeedRound) async throws(Fault) -> Page {
        let warehouses = try await search("stock.location", [["type", "=", "warehouse"], ["code", "!=", .null]], ["code"])
        guard round.stage < warehouses.count else { return Page([], next: nil, hasMore: false) }
        let warehouse = warehouses[round.stage]
        let slice = try await records("product.product", Self.stockedGoods, ["code"], round, context: ["active_test": false])
        let figures = try await StockFigures(of: try ids(slice.records), in: try warehouse.id, read: self)
        var harvest = Harvest(observedAt: observedAt)
        for record in slice.records {
            harvest.take(record) { record, harvest throws(Fault) in
                let (code, place, product) = (try record.code("code"), try warehouse.code("code"), try record.id)
                let balance = Balance(
                    item: names.item(code), location: names.location(place), onHand: try figures.onHand(product),
                    allocated: try figures.allocated(product), inTransit: try figures.inTransit(product),
                    onOrder: try figures.onOrder(product))
                try harvest.add(balance, as: .balance(balance), externalID: "\(product)@\(try warehouse.id)")
            }
        }
        return page(harvest, slice, round, stages: warehouses.count, end: nil)
    }

    func ids(_ records: [Record]) throws(Fault) -> [Int64] {
        var ids: [Int64] = []
        for record in records { ids.append(try record.id) }
        return ids
    }
}

/// The stock of some products in one warehouse, and the open moves into and out of it.
///
/// Quantities stay as the ERP sent them until they are asked for, so that one that cannot be read refuses its
/// own row and no other.
private struct StockFigures {
    private var quantities: [Int64: Record] = [:]
    private var outgoing: [Int64: [Record]] = [:]
    private var supplied: [Int64: [Record]] = [:]
    private var shipped: [Int64: [Record]] = [:]

    init(of products: [Int64], in warehouse: Int64, read reader: FeedReader) async throws(Fault) {
        guard !products.isEmpty else { return }
        let context: [String: RPCValue] = ["locations": .ids([warehouse]), "with_childs": true, "stock_date_end": .null]
        for record in try await reader.client.read("product.product", products, ["quantity"], context: context) {
            quantities[try record.id] = record
        }
        let (into, outOf): (RPCValue, RPCValue) = (
            ["to_location", "child_of", .ids([warehouse]), "parent"], ["from_location", "child_of", .ids([warehouse]), "parent"]
        )
        func moves(_ clauses: [RPCValue]) async throws(Fault) -> [Int64: [Record]] {
            let domain = [reader.ofCompany(), ["product", "in", .ids(products)]] + clauses
            let found = try await reader.search("stock.move", domain, ["product", "internal_quantity"])
            return Dictionary(grouping: found) { $0["product"].integer ?? 0 }
        }
        let open: RPCValue = ["state", "in", ["draft", "assigned"]]
        // Customers' goods as soon as they are ordered; everything else that leaves once it has been reserved.
        outgoing = try await moves([
            outOf,
            ["OR", [open, ["to_location.type", "=", "customer"]], [["state", "=", "assigned"], Self.leaving(warehouse)]],
        ])
        supplied = try await moves([into, open, ["from_location.type", "=", "supplier"]])
        shipped = try await moves([into, open, ["shipment.state", "=", "shipped", "stock.shipment.internal"]])
    }

    /// A move to a place outside the warehouse that is no customer's.
    private static func leaving(_ warehouse: Int64) -> RPCValue {
        .list([["to_location.type", "!=", "customer"], ["to_location", "not child_of", .ids([warehouse]), "parent"]])
    }

    func onHand(_ product: Int64) throws(Fault) -> Quantity { try quantities[product]?.optionalQuantity("quantity") ?? .zero }
    func allocated(_ product: Int64) throws(Fault) -> Quantity { try sum(outgoing[product]) }
    func onOrder(_ product: Int64) throws(Fault) -> Quantity { try sum(supplied[product]) }
    func inTransit(_ product: Int64) throws(Fault) -> Quantity { try sum(shipped[product]) }

    private func sum(_ moves: [Record]?) throws(Fault) -> Quantity {
        var total = Quantity.zero
        for move in moves ?? [] { total = try total + move.quantity("internal_quantity") }
        return total
    }
}
