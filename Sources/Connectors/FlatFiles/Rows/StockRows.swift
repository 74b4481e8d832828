import CanonicalModel
import Vocabulary

extension RowMapping where Entity == InventoryPolicy {
    package static var policies: RowMapping {
        RowMapping([
            .required("item", "the item's number"), .required("location", "the location's number"),
            .required("levels.reorderPoint", "in stocking units"), .required("levels.safetyStock", "in stocking units"),
            .required("levels.orderUpTo", "in stocking units"), .optional("levels.orderQuantity", "a fixed lot"),
            .optional("serviceTarget", "a share from 0 to below 1"), .optional("serviceTargetType", "cycleService or fillRate"),
            .optional("trigger", "below or atOrBelow"), .optional("capRule", "allowOver, roundDown or split"),
            .optional("reviewDays", "days between two looks at the stock"),
            .optional("fedFrom", "the location that feeds this one"),
        ]) { row in
            let item = row.item()
            let location = row.location()
            let levels = row.levels(within: "levels")
            guard let item, let location, let levels else { return nil }
            return InventoryPolicy(
                item: item, location: location, levels: levels, serviceTarget: row.number("serviceTarget") ?? 0.95,
                serviceTargetType: row.word("serviceTargetType") ?? .cycleService, trigger: row.word("trigger") ?? .atOrBelow,
                capRule: row.word("capRule") ?? .allowOver, reviewDays: row.whole("reviewDays") ?? 1,
                fedFrom: row.location("fedFrom")
            ).unless(&row)
        }
    }
}

extension RowValues {
    mutating func levels(within path: String) -> PolicyLevels? {
        let reorderPoint: Quantity? = decimal("\(path).reorderPoint")
        let safetyStock: Quantity? = decimal("\(path).safetyStock")
        let orderUpTo: Quantity? = decimal("\(path).orderUpTo")
        guard let reorderPoint, let safetyStock, let orderUpTo else { return nil }
        return PolicyLevels(
            reorderPoint: reorderPoint, safetyStock: safetyStock, orderUpTo: orderUpTo,
            orderQuantity: decimal("\(path).orderQuantity"))
    }
}

extension RowMapping where Entity == Balance {
    package static var balances: RowMapping {
        RowMapping([
            .required("item", "the item's number"), .required("location", "the location's number"),
            .required("onHand", "physically there, in stocking units"), .optional("allocated", "promised or picked"),
            .optional("inTransit", "on its way from another location"), .optional("onOrder", "ordered and not yet received"),
        ]) { row in
            let item = row.item()
            let location = row.location()
            let onHand: Quantity? = row.decimal("onHand")
            guard let item, let location, let onHand else { return nil }
            return Balance(
                item: item, location: location, onHand: onHand, allocated: row.decimal("allocated") ?? .zero,
                inTransit: row.decimal("inTransit") ?? .zero, onOrder: row.decimal("onOrder") ?? .zero
            ).unless(&row)
        }
    }
}

extension RowMapping where Entity == Demand {
    package static var demand: RowMapping {
        RowMapping([
            .required("item", "the item's number"), .required("location", "the location's number"),
            .required("date", "the first day of the period, YYYY-MM-DD"), .required("quantity", "in stocking units"),
            .optional("isCensored", "true when there was no stock"),
        ]) { row in
            let item = row.item()
            let location = row.location()
            let date = row.date("date")
            let quantity: Quantity? = row.decimal("quantity")
            guard let item, let location, let date, let quantity else { return nil }
            return Demand(
                item: item, location: location, date: date, quantity: quantity, isCensored: row.flag("isCensored") ?? false
            ).unless(&row)
        }
    }
}
