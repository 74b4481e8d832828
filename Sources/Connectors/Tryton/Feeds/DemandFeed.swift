import CanonicalModel
import ConnectorKit
import Vocabulary

/// What customers asked for, by item, warehouse and day of the order; also when it was shipped late or never.
///
/// A changed sale line names a day whose sum is then taken anew over all its lines: what is sent is always the
/// whole day, so that reading it twice adds nothing. The date and warehouse of a confirmed sale are fixed in
/// Tryton, so that no line leaves a day unseen. Returns are not negative demand and are left out.
extension FeedReader {
    private struct Day: Hashable {
        let product: Int64
        let warehouse: Int64
        let date: BusinessDate
    }

    private static let lineFields = [
        "product.id", "product.code", "quantity", "unit.factor", "unit.rate", "product.default_uom.factor",
        "product.default_uom.rate", "sale.sale_date", "sale.warehouse.code", "sale.state",
    ]

    private var saleLines: [RPCValue] {
        [
            ofCompany("sale.company"), ["type", "=", "line"], ["product.type", "=", "goods"], ["product.consumable", "=", false],
            ["sale.sale_date", "!=", .null],
        ]
    }

    func demand(_ round: FeedRound) async throws(Fault) -> Page {
        let slice = try await records(
            "sale.line",
            saleLines + [["sale.state", "in", ["confirmed", "processing", "done", "cancelled"]]]
                + round.modified("last_modified_at", "sale.last_modified_at"),
            Self.lineFields, round)
        var harvest = Harvest(observedAt: observedAt)
        var days: [Day: Record] = [:]
        for record in slice.records {
            harvest.take(record) { record, _ throws(Fault) in days[try day(record)] = record }
        }
        var sums = days.mapValues { _ in Quantity.zero }
        var spoilt: Set<Day> = []
        for line in try await lines(on: Set(days.keys)) {
            let day = try day(line)
            guard let sum = sums[day] else { continue }
            harvest.take(line) { line, _ throws(Fault) in
                let isSpoilt = !spoilt.insert(day).inserted
                sums[day] = try sum + max(.zero, stockingQuantity(line))
                if !isSpoilt { spoilt.remove(day) }
            }
        }
        // A day with a line that cannot be counted would be too small; its refusal says which line.
        for (day, record) in days.sorted(by: { ($0.key.date, $0.key.product) < ($1.key.date, $1.key.product) })
        where !spoilt.contains(day) {
            harvest.take(record) { record, harvest throws(Fault) in
                let demand = Demand(
                    item: names.item(try record.code("product.code")),
                    location: names.location(try record.code("sale.warehouse.code")),
                    date: day.date, quantity: sums[day] ?? .zero)
                try harvest.add(demand, as: .demand(demand), externalID: "\(day.product)@\(day.warehouse)/\(day.date)")
            }
        }
        return incremental(harvest, slice, round)
    }

    private func day(_ record: Record) throws(Fault) -> Day {
        guard let warehouse = record["sale.warehouse.id"].integer else { throw record.invalid("sale.warehouse", "a warehouse") }
        return Day(product: try record.integer("product.id"), warehouse: warehouse, date: try record.date("sale.sale_date"))
    }

    /// All lines that count on these days: what was confirmed and not cancelled.
    private func lines(on days: Set<Day>) async throws(Fault) -> [Record] {
        guard !days.isEmpty else { return [] }
        let products = Set(days.map(\.product)).sorted()
        let dates = Set(days.map(\.date)).sorted().map(RPCValue.date)
        let warehouses = Set(days.map(\.warehouse)).sorted()
        return try await search(
            "sale.line",
            saleLines + [
                ["sale.state", "in", ["confirmed", "processing", "done"]], ["product", "in", .ids(products)],
                ["sale.sale_date", "in", .list(dates)], ["sale.warehouse", "in", .ids(warehouses)],
            ],
            Self.lineFields)
    }
}
