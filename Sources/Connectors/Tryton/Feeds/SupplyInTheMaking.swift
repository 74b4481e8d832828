import CanonicalModel
import ConnectorKit
import Vocabulary

/// Supply that is not yet a purchase, and supply that moves between our own warehouses.
extension FeedReader {
    private static let unitFields = ["unit.factor", "unit.rate", "product.default_uom.factor", "product.default_uom.rate"]

    /// Requests that nobody has made a purchase of: the ERP's own, from order points, and those of requisitions.
    func purchaseRequests(_ round: FeedRound) async throws(Fault) -> Page {
        let slice = try await records(
            "purchase.request",
            [
                ofCompany(), ["purchase_line", "=", .null], ["product.type", "=", "goods"], ["product.consumable", "=", false],
                ["state", "in", ["draft", "quotation", "received"]],
            ],
            ["product.code", "quantity", "supply_date", "warehouse.code", "party.code", "origin"] + Self.unitFields, round)
        let requisitions = try await requisitions(of: slice.records)
        var harvest = Harvest(observedAt: observedAt)
        for record in slice.records {
            harvest.take(record) { record, harvest throws(Fault) in
                let origin = record["origin"].string.flatMap { originID($0, of: "purchase.requisition.line") }
                let requisition = origin.flatMap { requisitions[$0] }
                let supply = SupplyLine(
                    id: try supplyID(record), order: requisition?.optionalText("requisition.number") ?? record.name,
                    kind: .requisition,
                    state: .draft, item: names.item(try record.code("product.code")),
                    destination: names.location(try record.code("warehouse.code")),
                    supplier: record.optionalText("party.code").map(names.supplier), ordered: try stockingQuantity(record),
                    dueOn: try record.optionalDate("supply_date"), reference: requisition?.optionalText("requisition.description")
                )
                try add(supply, from: record, to: &harvest)
            }
        }
        return supplyPage(harvest, slice, round)
    }

    func requisitionLines(_ round: FeedRound) async throws(Fault) -> Page {
        let slice = try await records(
            "purchase.requisition.line",
            [
                ofCompany("requisition.company"), ["purchase_requests", "=", .null], ["product.type", "=", "goods"],
                ["product.consumable", "=", false], ["requisition.state", "in", ["draft", "waiting", "approved", "processing"]],
            ],
            [
                "product.code", "quantity", "supplier.code", "requisition.number", "requisition.rec_name",
                "requisition.description",
                "requisition.supply_date", "requisition.warehouse.code",
            ] + Self.unitFields,
            round)
        var harvest = Harvest(observedAt: observedAt)
        for record in slice.records {
            harvest.take(record) { record, harvest throws(Fault) in
                let supply = SupplyLine(
                    id: try supplyID(record),
                    order: record.optionalText("requisition.number") ?? record.optionalText("requisition.rec_name")
                        ?? record.name,
                    kind: .requisition, state: .draft, item: names.item(try record.code("product.code")),
                    destination: names.location(try record.code("requisition.warehouse.code")),
                    supplier: record.optionalText("supplier.code").map(names.supplier), ordered: try stockingQuantity(record),
                    dueOn: try record.optionalDate("requisition.supply_date"),
                    reference: record.optionalText("requisition.description"))
                try add(supply, from: record, to: &harvest)
            }
        }
        return supplyPage(harvest, slice, round)
    }

    /// Shipments between two warehouses; those within one do not change what it has.
    func transfers(_ round: FeedRound) async throws(Fault) -> Page {
        let slice = try await records(
            "stock.shipment.internal", [ofCompany(), ["state", "not in", ["done", "cancelled"]]],
            [
                "number", "rec_name", "reference", "state", "warehouse.code", "to_warehouse.code", "transit_location",
                "planned_date",
                "moves.product.code", "moves.internal_quantity", "moves.to_location", "moves.state",
            ],
            round, limit: max(1, settings.pageSize / 5))
        var harvest = Harvest(observedAt: observedAt)
        for record in slice.records {
            let (from, to) = (record.optionalText("warehouse.code"), record.optionalText("to_warehouse.code"))
            guard let from, let to, from != to else { continue }
            do throws(Fault) {
                for move in try arriving(record) {
                    harvest.take(move) { move, harvest throws(Fault) in
                        try add(try transfer(move, of: record, from: from, to: to), from: move, to: &harvest)
                    }
                }
            } catch {
                harvest.refuse(record, error)
            }
        }
        return supplyPage(harvest, slice, round)
    }

    /// The moves that end at the destination; the others only lead into transit.
    private func arriving(_ shipment: Record) throws(Fault) -> [Record] {
        var moves: [Record] = []
        for value in shipment.values["moves."]?.elements ?? [] {
            let move = try Record(value, of: "stock.move")
            let isOver = ["done", "cancelled"].contains(move["state"].string)
            let isFirstLeg = !shipment["transit_location"].isNull && move["to_location"] == shipment["transit_location"]
            if !isOver && !isFirstLeg { moves.append(move) }
        }
        return moves
    }

    private func transfer(_ move: Record, of shipment: Record, from: String, to: String) throws(Fault) -> SupplyLine {
        let state: SupplyState =
            switch shipment["state"].string {
            case "shipped": .inTransit
            case "waiting", "assigned", "packed": .confirmed
            default: .draft
            }
        return SupplyLine(
            id: try supplyID(move), order: shipment.optionalText("number") ?? shipment.optionalText("rec_name") ?? shipment.name,
            kind: .transfer, state: state, item: names.item(try move.code("product.code")), destination: names.location(to),
            origin: names.location(from), ordered: try move.quantity("internal_quantity"),
            dueOn: try shipment.optionalDate("planned_date"), reference: shipment.optionalText("reference"))
    }
}
