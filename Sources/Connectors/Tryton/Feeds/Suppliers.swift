import CanonicalModel
import ConnectorKit
import Vocabulary

/// Tryton has no list of suppliers: a party is one when it sells us something, or is about to.
extension FeedReader {
    private struct Trace {
        let model: String
        let party: String
        let domain: [RPCValue]
    }

    private var traces: [Trace] {
        [
            Trace(model: "purchase.product_supplier", party: "party", domain: [ofCompany()]),
            Trace(
                model: "purchase.purchase", party: "party",
                domain: [ofCompany(), ["state", "in", ["draft", "quotation", "confirmed", "processing"]]]),
            Trace(
                model: "purchase.requisition.line", party: "supplier",
                domain: [
                    ofCompany("requisition.company"), ["supplier", "!=", .null],
                    ["requisition.state", "in", ["draft", "waiting", "approved", "processing"]],
                ]),
        ]
    }

    func suppliers(_ round: FeedRound) async throws(Fault) -> Page {
        let traces = traces
        guard round.stage < traces.count else {
            throw .invalid("cursor", found: "\(round.stage)", expected: "a stage of this feed")
        }
        let trace = traces[round.stage]
        let party = trace.party
        let slice = try await records(
            trace.model, trace.domain + round.modified("last_modified_at", "\(party).last_modified_at"),
            ["\(party).code", "\(party).name", "\(party).active"], round)
        var harvest = Harvest(observedAt: observedAt)
        for record in slice.records {
            harvest.take(record) { record, harvest throws(Fault) in
                let code = try record.code("\(party).code")
                let supplier = Supplier(
                    id: names.supplier(code), name: record.optionalText("\(party).name") ?? code,
                    isBlocked: !(try record.flag("\(party).active")))
                try harvest.add(supplier, as: .supplier(supplier), externalID: code, repeated: .ignored)
            }
        }
        return page(harvest, slice, round, stages: traces.count, end: round.closing(overlap: settings.overlap))
    }
}
