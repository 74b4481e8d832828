import CanonicalModel
import Vocabulary

extension RowMapping where Entity == Item {
    package static var items: RowMapping {
        RowMapping([
            .required("id", "the item's number"), .required("name", "what people call it"),
            .required("stockingUnit", "a UN/ECE Rec 20 unit code"),
            .optional("conversions", "what other units are worth in stocking units: CS=12 PAL=480"),
            .optional("gtin", "the GS1 trade item number"), .optional("family", "a group of items"),
            .optional("abcClass", "a, b or c"), .optional("xyzClass", "x, y or z"),
            .optional("criticality", "low, normal, high or vital"), .optional("unitCost", "per stocking unit"),
            .optional("currency", "of unitCost, as ISO 4217"), .optional("space", "what one unit takes of a location's capacity"),
            .optional("supersededBy", "the item that takes its place"), .optional("isRetired", "true or false"),
        ]) { row in
            let id = row.item("id")
            let name = row.text("name")
            let unit = row.unit("stockingUnit")
            guard let id, let name, let unit else { return nil }
            return Item(
                id: id, name: name, stockingUnit: unit, conversions: row.conversions("conversions") ?? [],
                gtin: row.trimmed("gtin"),
                family: row.text("family"), abcClass: row.word("abcClass"), xyzClass: row.word("xyzClass"),
                criticality: row.word("criticality") ?? .normal, unitCost: row.decimal("unitCost"),
                currency: row.currency("currency"), space: row.decimal("space") ?? .zero, supersededBy: row.item("supersededBy"),
                isRetired: row.flag("isRetired") ?? false
            ).unless(&row)
        }
    }
}

extension RowMapping where Entity == Location {
    package static var locations: RowMapping {
        RowMapping([
            .required("id", "the location's number"), .required("name", "what people call it"),
            .optional("kind", "distributionCenter, warehouse or store"), .optional("region", "a group of locations"),
            .optional("timeZone", "an IANA time zone"), .optional("calendar", "the days it receives and ships"),
            .optional("capacity", "how much space there is"), .optional("system", "where its actions are sent"),
            .optional("isActive", "true or false"),
        ]) { row in
            let id = row.location("id")
            let name = row.text("name")
            guard let id, let name else { return nil }
            let zone = row.checked("timeZone") { text throws(Fault) in try TimeZoneName(checking: text, field: "timeZone") }
            return Location(
                id: id, name: name, kind: row.word("kind") ?? .warehouse, region: row.text("region") ?? "default",
                timeZone: zone ?? .utc, calendar: row.calendar("calendar") ?? .everyDay, capacity: row.decimal("capacity"),
                system: row.id("system"), isActive: row.flag("isActive") ?? true
            ).unless(&row)
        }
    }
}

extension RowMapping where Entity == Supplier {
    package static var suppliers: RowMapping {
        RowMapping([
            .required("id", "the supplier's number"), .required("name", "what people call it"),
            .optional("calendar", "the days it works"), .optional("isBlocked", "true or false"),
        ]) { row in
            let id = row.supplier("id")
            let name = row.text("name")
            guard let id, let name else { return nil }
            return Supplier(
                id: id, name: name, calendar: row.calendar("calendar") ?? .everyDay, isBlocked: row.flag("isBlocked") ?? false
            ).unless(&row)
        }
    }
}

extension CanonicalEntity {
    /// The entity, unless its row or the entity itself has violations; the row keeps them all.
    func unless(_ row: inout RowValues) -> Self? {
        row.add(violations())
        return row.violations.isEmpty ? self : nil
    }
}
