import CanonicalModel
import ConnectorKit
import Governance
import Vocabulary

/// Tryton 8 over its JSON-RPC interface: everything Plimsoll reads of an ERP, and all three kinds of action.
package struct TrytonConnector: Connector {
    /// Longer than Tryton lets a request run (60 seconds), so that a transaction cut off from us has ended.
    private static let settles = Duration.seconds(75)

    package static let manifest = Manifest(
        name: "tryton",
        summary: "Items, stock, order points, purchases, shipments and sales of a Tryton 8 database.",
        settings: TrytonSettings.documented,
        feeds: [
            .items: .incremental, .suppliers: .incremental, .demand: .incremental,
            // Tryton leaves no trace of what was deleted, and in these a deletion matters.
            .locations: .snapshot, .sourcing: .snapshot, .lanes: .snapshot, .policies: .snapshot,
            .balances: .snapshot, .supply: .snapshot,
        ],
        capabilities: [
            .setInventoryPolicy: Capability(.absoluteSet, settles: settles),
            .createTransfer: Capability(.naturalKeyProbe, settles: settles),
            .createPurchaseProposal: Capability(.naturalKeyProbe, settles: settles),
        ])

    let client: TrytonClient

    package init(_ settings: SettingValues, in surroundings: Surroundings) throws(Fault) {
        client = TrytonClient(try TrytonSettings(settings), in: surroundings)
    }

    package func check() async throws(Fault) -> SystemInformation {
        try await TrytonCheck(client: client).run()
    }

    package func read(_ feed: Feed, after cursor: Cursor?, names: Crosswalk) async throws(Fault) -> Page {
        try await FeedReader(client, names: names).page(of: feed, after: cursor)
    }

    package func carryOut(_ action: Approved<Action>, reference: Reference, names: Crosswalk) async -> Outcome {
        let reader: ActionReader
        do throws(Fault) {
            reader = try await ActionReader(client, names: names)
        } catch {
            return .notDone(error)
        }
        switch action.action {
        case .setInventoryPolicy(let change):
            return await OrderPoint(change: change, reader: reader).carryOut()
        case .createTransfer(let transfer):
            let document = TransferDocument(transfer: transfer, reader: reader)
            return await DocumentKeeper(document: document, client: client).carryOut(reference: reference)
        case .createPurchaseProposal(let purchase):
            let document = PurchaseDocument(purchase: purchase, reader: reader)
            return await DocumentKeeper(document: document, client: client).carryOut(reference: reference)
        }
    }

    package func find(_ action: Action, reference: Reference, names: Crosswalk) async throws(Fault) -> Finding {
        let reader = try await ActionReader(client, names: names)
        switch action {
        case .setInventoryPolicy(let change):
            return try await OrderPoint(change: change, reader: reader).find()
        case .createTransfer(let transfer):
            let document = TransferDocument(transfer: transfer, reader: reader)
            return try await DocumentKeeper(document: document, client: client).find(reference: reference)
        case .createPurchaseProposal(let purchase):
            let document = PurchaseDocument(purchase: purchase, reader: reader)
            return try await DocumentKeeper(document: document, client: client).find(reference: reference)
        }
    }
}
