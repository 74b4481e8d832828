import CanonicalModel
import ConnectorKit
import Vocabulary

/// Everything that is to arrive, from the first draft on: what is not counted is ordered a second time.
///
/// The stages follow goods backwards from the dock, and each leaves out what a later document already stands
/// for: open moves from suppliers, purchase lines without moves, purchase requests without a purchase,
/// requisition lines without a request, and shipments between warehouses.
extension FeedReader {
    func supply(_ round: FeedRound) async throws(Fault) -> Page {
        switch round.stage {
        case 0: return try await expectedMoves(round)
        case 1: return try await purchaseLines(round)
        case 2: return try await purchaseRequests(round)
        case 3: return try await requisitionLines(round)
        case 4: return try await transfers(round)
        default: throw .invalid("cursor", found: "\(round.stage)", expected: "a stage of this feed")
        }
    }

    static let supplyStages = 5

    func supplyPage(_ harvest: Harvest, _ slice: Slice, _ round: FeedRound) -> Page {
        page(harvest, slice, round, stages: Self.supplyStages, end: nil)
    }

    func add(_ line: SupplyLine, from record: Record, to harvest: inout Harvest) throws(Fault) {
        try harvest.add(line, as: .supply(line), externalID: record.name)
    }

    func supplyID(_ record: Record) throws(Fault) -> ID<SupplyLine> {
        .joining(settings.system, record.model, String(try record.id))
    }

    /// What remains to be received of confirmed purchases, already in stocking units.
    private func expectedMoves(_ round: FeedRound) async throws(Fault) -> Page {
        let slice = try await records(
            "stock.move", [ofCompany(), ["state", "in", ["draft", "assigned"]], ["from_location.type", "=", "supplier"]],
            [
                "product.code", "internal_quantity", "to_location", "planned_date", "purchase.number", "purchase.reference",
                "purchase.rec_name", "supplier.code", "origin",
            ],
            round)
        let warehouses = try await WarehouseCodes(above: slice.records.compactMap { $0["to_location"].integer }, client: client)
        let lines = slice.records.compactMap { $0["origin"].string }.compactMap { originID($0, of: "purchase.line") }
        let references = try await ourReferences(purchaseLines: lines)
        var harvest = Harvest(observedAt: observedAt)
        for record in slice.records {
            // Without a warehouse it goes straight to a customer and is no supply of ours.
            guard let place = warehouses[record["to_location"].integer] else { continue }
            harvest.take(record) { record, harvest throws(Fault) in
                let line = record["origin"].string.flatMap { originID($0, of: "purchase.line") }
                let supply = SupplyLine(
                    id: try supplyID(record),
                    order: record.optionalText("purchase.number") ?? record.optionalText("purchase.rec_name") ?? record.name,
                    kind: .purchase, state: .confirmed, item: names.item(try record.code("product.code")),
                    destination: names.location(place), supplier: record.optionalText("supplier.code").map(names.supplier),
                    ordered: try record.quantity("internal_quantity"), dueOn: try record.optionalDate("planned_date"),
                    reference: line.flatMap { references[$0] } ?? record.optionalText("purchase.reference"))
                try add(supply, from: record, to: &harvest)
            }
        }
        return supplyPage(harvest, slice, round)
    }

    /// Drafts and quotations; a confirmed purchase has its moves a moment later.
    private func purchaseLines(_ round: FeedRound) async throws(Fault) -> Page {
        let slice = try await records(
            "purchase.line",
            [
                ofCompany("purchase.company"), ["type", "=", "line"], ["moves", "=", .null], ["product.type", "=", "goods"],
                ["product.consumable", "=", false], ["purchase.state", "in", ["draft", "quotation", "confirmed"]],
            ],
            [
                "product.code", "quantity", "unit.factor", "unit.rate", "product.default_uom.factor", "product.default_uom.rate",
                "delivery_date", "purchase.number", "purchase.rec_name", "purchase.reference", "purchase.state",
                "purchase.warehouse.code", "purchase.party.code",
            ],
            round)
        let references = try await ourReferences(purchaseLines: try ids(slice.records))
        var harvest = Harvest(observedAt: observedAt)
        for record in slice.records {
            harvest.take(record) { record, harvest throws(Fault) in
                let supply = SupplyLine(
                    id: try supplyID(record),
                    order: record.optionalText("purchase.number") ?? record.optionalText("purchase.rec_name") ?? record.name,
                    kind: .purchase, state: record["purchase.state"] == "confirmed" ? .confirmed : .draft,
                    item: names.item(try record.code("product.code")),
                    destination: names.location(try record.code("purchase.warehouse.code")),
                    supplier: record.optionalText("purchase.party.code").map(names.supplier),
                    ordered: try stockingQuantity(record), dueOn: try record.optionalDate("delivery_date"),
                    reference: references[try record.id] ?? record.optionalText("purchase.reference"))
                try add(supply, from: record, to: &harvest)
            }
        }
        return supplyPage(harvest, slice, round)
    }

    /// `quantity` of `unit` in the product's default unit.
    func stockingQuantity(_ record: Record) throws(Fault) -> Quantity {
        let ratio = try UnitRatio.of("unit", in: "product.default_uom", record: record)
        return try record.quantity("quantity").multiplied(by: ratio)
    }

    /// Our references of purchase lines that came about by our requisitions: line by line, through the request.
    private func ourReferences(purchaseLines ids: [Int64]) async throws(Fault) -> [Int64: String] {
        guard !ids.isEmpty else { return [:] }
        let requests = try await search(
            "purchase.request", [["purchase_line", "in", .ids(ids)], ["origin", "like", "purchase.requisition.line,%"]],
            ["purchase_line", "origin"])
        let descriptions = try await requisitions(of: requests)
        var references: [Int64: String] = [:]
        for request in requests {
            guard let line = request["purchase_line"].integer, let origin = request["origin"].string else { continue }
            references[line] = originID(origin, of: "purchase.requisition.line").flatMap {
                descriptions[$0]?.optionalText("requisition.description")
            }
        }
        return references
    }

    /// The requisition lines that requests came from, by id.
    func requisitions(of requests: [Record]) async throws(Fault) -> [Int64: Record] {
        let lines = requests.compactMap { $0["origin"].string }.compactMap { originID($0, of: "purchase.requisition.line") }
        var found: [Int64: Record] = [:]
        let fields = ["requisition.number", "requisition.description"]
        for record in try await client.read("purchase.requisition.line", Set(lines).sorted(), fields) {
            found[try record.id] = record
        }
        return found
    }
}

/// The id in a reference such as `purchase.line,219`.
func originID(_ reference: String, of model: String) -> Int64? {
    guard reference.hasPrefix(model + ",") else { return nil }
    return Int64(reference.dropFirst(model.count + 1))
}
