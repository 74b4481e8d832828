import CanonicalModel
import Vocabulary

extension RowMapping where Entity == Forecast {
    /// - Parameter sender: who made them where the file does not say; nil when it has to.
    package static func forecasts(from sender: ID<ExternalSystem>?) -> RowMapping {
        RowMapping([
            .required("item", "the item's number"), .required("location", "the location's number"), .source(sender),
            .optional("cycle", "the forecast cycle it is for"),
            .required("version", "a whole number that grows"), .required("method", "how it was made"),
            .required("start", "the first day of the first period, YYYY-MM-DD"), .required("periodDays", "1, 7 or 30"),
            .required("mean", "expected demand by period: 4.5 5 5.2"), .optional("levels", "probabilities: 0.5 0.9"),
            .optional("quantiles", "by level, periods within: 4 5 5 | 8 9 9"), .optional("deviation", "of the one-period error"),
            .optional("isProvisional", "true or false"),
        ]) { row in
            let item = row.item()
            let location = row.location()
            let source: ID<ExternalSystem>? = row.id("source") ?? sender
            let version: Int64? = row.whole("version")
            let method = row.text("method")
            let start = row.date("start")
            let periodDays: Int? = row.whole("periodDays")
            let mean = row.numbers("mean")
            guard let item, let location, let source, let version, let method, let start, let periodDays, let mean else {
                return nil
            }
            return Forecast(
                item: item, location: location, source: source, cycle: row.id("cycle"), version: version, method: method,
                start: start, periodDays: periodDays, mean: mean, levels: row.numbers("levels") ?? [],
                quantiles: row.numberRows("quantiles") ?? [], deviation: row.number("deviation"),
                isProvisional: row.flag("isProvisional") ?? false
            ).unless(&row)
        }
    }
}

extension RowMapping where Entity == Recommendation {
    private static func columns(from sender: ID<ExternalSystem>?) -> [Column] {
        [
            .required("id", "given by the source"), .source(sender),
            .optional("cycle", "the forecast cycle it is for"), .required("item", "the item's number"),
            .required("location", "the location's number"),
            .optional("proposal.policy.reorderPoint", "of a new policy, with safetyStock and orderUpTo"),
            .optional("proposal.policy.safetyStock", "of a new policy"),
            .optional("proposal.policy.orderUpTo", "of a new policy"),
            .optional("proposal.policy.orderQuantity", "of a new policy"),
            .optional("proposal.replenishment.quantity", "of goods, with unit and neededBy"),
            .optional("proposal.replenishment.unit", "of the quantity"),
            .optional("proposal.replenishment.neededBy", "YYYY-MM-DD"), .optional("confidence", "a share from 0 to 1"),
            .optional("assumptions.onHand", "in stocking units"), .optional("assumptions.allocated", "in stocking units"),
            .optional("assumptions.onOrder", "in stocking units"), .optional("assumptions.inTransit", "in stocking units"),
            .optional("assumptions.leadTimeDays", "calendar days"), .optional("assumptions.stockingUnit", "a unit code"),
            .optional("assumptions.reorderPoint", "in stocking units"),
            .optional("assumptions.forecastVersion", "a whole number"),
            .optional("assumptions.asOf", "an RFC 3339 instant"), .optional("isProvisional", "true or false"),
            .required("madeAt", "an RFC 3339 instant"), .optional("proposedBy", "a person"), .optional("reason", "in words"),
        ]
    }

    /// - Parameter sender: who made them where the file does not say; nil when it has to.
    package static func recommendations(from sender: ID<ExternalSystem>?) -> RowMapping {
        RowMapping(columns(from: sender)) { row in
            let id: ID<Recommendation>? = row.id("id")
            let source: ID<ExternalSystem>? = row.id("source") ?? sender
            let item = row.item()
            let location = row.location()
            let madeAt = row.instant("madeAt")
            let proposal = row.proposal()
            guard let id, let source, let item, let location, let madeAt, let proposal else { return nil }
            return Recommendation(
                id: id, source: source, cycle: row.id("cycle"), item: item, location: location, proposal: proposal,
                confidence: row.number("confidence"), assumptions: row.assumptions(),
                isProvisional: row.flag("isProvisional") ?? false, madeAt: madeAt, proposedBy: row.id("proposedBy"),
                reason: row.text("reason")
            ).unless(&row)
        }
    }
}

extension Column {
    fileprivate static func source(_ sender: ID<ExternalSystem>?) -> Column {
        sender == nil ? .required("source", "the system that made it") : .optional("source", "the system that made it")
    }
}

extension RowValues {
    /// Either the figures of a policy or goods, whichever the row has.
    fileprivate mutating func proposal() -> Proposal? {
        let before = violations.count
        let levels = levels(within: "proposal.policy")
        let goods = goods()
        switch (levels, goods) {
        case (let levels?, nil): return .policy(levels)
        case (nil, let goods?): return .replenishment(goods)
        default:
            if violations.count == before {
                complain(
                    "proposal", found: levels == nil ? nil : "both",
                    "either reorderPoint, safetyStock and orderUpTo, or quantity, unit and neededBy")
            }
            return nil
        }
    }

    private mutating func goods() -> Proposal.Replenishing? {
        let quantity: Quantity? = decimal("proposal.replenishment.quantity")
        let unit = unit("proposal.replenishment.unit")
        let neededBy = date("proposal.replenishment.neededBy")
        guard let quantity, let unit, let neededBy else { return nil }
        return Proposal.Replenishing(quantity: quantity, unit: unit, neededBy: neededBy)
    }

    fileprivate mutating func assumptions() -> Assumptions {
        Assumptions(
            onHand: decimal("assumptions.onHand"), allocated: decimal("assumptions.allocated"),
            onOrder: decimal("assumptions.onOrder"), inTransit: decimal("assumptions.inTransit"),
            leadTimeDays: number("assumptions.leadTimeDays"), stockingUnit: unit("assumptions.stockingUnit"),
            reorderPoint: decimal("assumptions.reorderPoint"), forecastVersion: whole("assumptions.forecastVersion"),
            asOf: instant("assumptions.asOf"))
    }
}
