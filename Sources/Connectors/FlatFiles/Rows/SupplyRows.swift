import CanonicalModel
import Vocabulary

extension RowMapping where Entity == Sourcing {
    package static var sourcing: RowMapping {
        RowMapping([
            .required("item", "the item's number"), .required("supplier", "the supplier's number"),
            .optional("location", "the location it serves; empty for every location"), .optional("rank", "lower is preferred"),
            .required("leadTimeDays", "calendar days from order to receipt"),
            .optional("leadTimeDeviation", "standard deviation of the same"),
            .required("unit", "that quantities and price count"),
            .optional("minimumQuantity", "of one order"), .optional("multiple", "orders are whole multiples of it"),
            .optional("maximumQuantity", "of one order"), .required("price", "per unit"), .required("currency", "as ISO 4217"),
            .optional("validFrom", "YYYY-MM-DD"), .optional("validUntil", "YYYY-MM-DD"),
        ]) { row in
            let item = row.item()
            let supplier = row.supplier()
            let leadTime = row.number("leadTimeDays")
            let unit = row.unit("unit")
            let price: Money? = row.decimal("price")
            let currency = row.currency("currency")
            guard let item, let supplier, let leadTime, let unit, let price, let currency else { return nil }
            return Sourcing(
                item: item, supplier: supplier, location: row.location(), rank: row.whole("rank") ?? 1, leadTimeDays: leadTime,
                leadTimeDeviation: row.number("leadTimeDeviation") ?? 0, unit: unit,
                minimumQuantity: row.decimal("minimumQuantity") ?? .zero, multiple: row.decimal("multiple") ?? .zero,
                maximumQuantity: row.decimal("maximumQuantity"), price: price, currency: currency,
                validFrom: row.date("validFrom"),
                validUntil: row.date("validUntil")
            ).unless(&row)
        }
    }
}

extension RowMapping where Entity == Lane {
    package static var lanes: RowMapping {
        RowMapping([
            .required("origin", "a location's number"), .required("destination", "a location's number"),
            .required("transitDays", "calendar days from departure to receipt"),
            .optional("transitDeviation", "standard deviation of the same"), .optional("costPerShipment", "an amount of money"),
            .optional("costPerUnit", "per stocking unit"), .required("currency", "as ISO 4217"),
            .optional("calendar", "the days on which something departs"), .optional("minimumQuantity", "in stocking units"),
            .optional("isActive", "true or false"),
        ]) { row in
            let origin = row.location("origin")
            let destination = row.location("destination")
            let transit = row.number("transitDays")
            let currency = row.currency("currency")
            guard let origin, let destination, let transit, let currency else { return nil }
            return Lane(
                origin: origin, destination: destination, transitDays: transit,
                transitDeviation: row.number("transitDeviation") ?? 0, costPerShipment: row.decimal("costPerShipment") ?? .zero,
                costPerUnit: row.decimal("costPerUnit") ?? .zero, currency: currency,
                calendar: row.calendar("calendar") ?? .everyDay,
                minimumQuantity: row.decimal("minimumQuantity") ?? .zero, isActive: row.flag("isActive") ?? true
            ).unless(&row)
        }
    }
}

extension RowMapping where Entity == SupplyLine {
    package static var supply: RowMapping {
        RowMapping([
            .required("id", "the line's own number, unique in its system"), .required("order", "the number of the order"),
            .required("kind", "purchase, transfer or requisition"),
            .required("state", "draft, confirmed, inTransit, received or cancelled"), .required("item", "the item's number"),
            .required("destination", "a location's number"), .optional("origin", "the location that a transfer comes from"),
            .optional("supplier", "the supplier's number"), .required("ordered", "in stocking units"),
            .optional("received", "in stocking units"), .optional("dueOn", "YYYY-MM-DD"), .optional("committedOn", "YYYY-MM-DD"),
            .optional("committedQuantity", "in stocking units"), .optional("reference", "ours, when we asked for this line"),
            .optional("orderedOn", "YYYY-MM-DD"), .optional("receivedOn", "YYYY-MM-DD, when the last of it came"),
        ]) { row in
            let id: ID<SupplyLine>? = row.id("id")
            let order = row.text("order")
            let kind: SupplyKind? = row.word("kind")
            let state: SupplyState? = row.word("state")
            let item = row.item()
            let destination = row.location("destination")
            let ordered: Quantity? = row.decimal("ordered")
            guard let id, let order, let kind, let state, let item, let destination, let ordered else { return nil }
            return SupplyLine(
                id: id, order: order, kind: kind, state: state, item: item, destination: destination,
                origin: row.location("origin"),
                supplier: row.supplier(), ordered: ordered, received: row.decimal("received") ?? .zero, dueOn: row.date("dueOn"),
                committedOn: row.date("committedOn"), committedQuantity: row.decimal("committedQuantity"),
                reference: row.text("reference"), orderedOn: row.date("orderedOn"), receivedOn: row.date("receivedOn")
            ).unless(&row)
        }
    }
}
