import ConnectorKit
import Vocabulary

/// Proves that the settings lead to a Tryton in which this user can do what Plimsoll needs.
struct TrytonCheck: Sendable {
    let client: TrytonClient

    /// What is read of each model, and which are written to.
    private static let models: [(name: String, isWritten: Bool)] = [
        ("product.product", false), ("stock.location", false), ("stock.location.lead_time", false), ("party.party", false),
        ("purchase.product_supplier", false), ("stock.order_point", true), ("stock.move", false), ("sale.line", false),
        ("purchase.line", false), ("purchase.request", false), ("purchase.requisition", true), ("stock.shipment.internal", true),
    ]

    func run() async throws(Fault) -> SystemInformation {
        let session: TrytonClient.Session
        let version: String
        do throws(CallFailure) {
            version = try await client.version()
            session = try await client.open()
        } catch {
            throw error.fault
        }
        var remarks = try await permissionRemarks()
        if !version.hasPrefix("8.") { remarks.append("This is Tryton \(version); the connector was written for 8.x.") }
        if session.employee == nil {
            remarks.append("The user \(client.settings.user) is no employee: purchase proposals need one.")
        }
        let difference = await client.clockDifference
        if difference.microseconds.magnitude > 30_000_000 {
            let seconds = difference.microseconds / 1_000_000
            remarks.append("The ERP's clock is \(seconds.magnitude) seconds \(seconds > 0 ? "ahead of" : "behind") ours.")
        }
        let company = try await client.read("company.company", [session.company], ["party.name"]).first
        return SystemInformation(
            name: company?.optionalText("party.name") ?? client.settings.database, version: "Tryton \(version)", remarks: remarks)
    }

    /// One question for each model, so that a module that is not installed is named instead of failing the rest.
    private func permissionRemarks() async throws(Fault) -> [String] {
        var remarks: [String] = []
        for model in Self.models {
            let access: RPCValue
            do throws(CallFailure) {
                access = try await client.call("model.ir.model.access.get_access", [[.text(model.name)]])
            } catch {
                guard case .nothingHappened(let fault) = error, fault.code == .protocolBroken else { throw error.fault }
                remarks.append("Tryton has no \(model.name): a module is not installed.")
                continue
            }
            let rights = access.members?[model.name]?.members ?? [:]
            if rights["read"]?.boolean == false { remarks.append("The user may not read \(model.name).") }
            if model.isWritten, rights["create"]?.boolean == false || rights["write"]?.boolean == false {
                remarks.append("The user may not create or change \(model.name).")
            }
        }
        return remarks
    }
}
