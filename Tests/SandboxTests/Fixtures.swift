import CanonicalModel
import ConnectorKit
import Governance
import Sandbox
import SandboxERP
import TestSandbox
import Testing
import Vocabulary

let wire = HTTPClientExchange(largestBody: 8 << 20, connectTimeout: .seconds(2))

let transfer = Action.createTransfer(
    TransferProposal(
        item: "BRG-6204", origin: "EWR", destination: "RNO", quantity: Quantity(48), unit: "C62", shipOn: day(23),
        dueOn: day(29)))

let purchase = Action.createPurchaseProposal(
    PurchaseProposal(
        item: "TWL-ROLL", location: "EWR", supplier: "TALLOW", quantities: [Quantity(40), Quantity(12)], unit: "CS",
        unitPrice: Money(49), currency: "USD", orderOn: day(18), dueOn: day(25)))

let policy = Action.setInventoryPolicy(
    PolicyChange(
        item: "RSP-P100", location: "EWR",
        levels: PolicyLevels(reorderPoint: Quantity(52), safetyStock: Quantity(18), orderUpTo: Quantity(96)), previous: nil))

let actions = [transfer, purchase, policy]

func day(_ day: Int) -> BusinessDate { BusinessDate(dayNumber: 20_605 + Int32(day)) }

extension RunningSandbox {
    var settings: [String: String] { ["url": address, "key": key, "timeoutSeconds": "5"] }

    var surroundings: Surroundings { Surroundings(http: wire, clock: time.clock, randomness: .seeded(1)) }

    func connector(_ more: [String: String] = [:]) throws -> SandboxConnector {
        let values = try SandboxConnector.manifest.values(settings.merging(more) { $1 })
        return try SandboxConnector(values, in: surroundings)
    }

    func carryOut(_ action: Action, _ reference: Reference, _ more: [String: String] = [:]) async throws -> Outcome {
        try await connector(more).carryOut(approved(action), reference: reference, names: Crosswalk())
    }

    func find(_ action: Action, _ reference: Reference) async throws -> Finding {
        try await connector().find(action, reference: reference, names: Crosswalk())
    }

    func approved(_ action: Action) throws -> Approved<Action> {
        let decision = Decision(
            id: "D-1", recommendation: "R-1", action: action, verdict: .autoApprove, rule: "test", reason: "A test asks for it.",
            policyVersion: "1", deciderVersion: 1, factsDigest: Digest(of: ""), findings: [], alternatives: [], value: nil,
            isProvisional: false, proposedBy: nil, decidedAt: time.now, lapsesAt: time.now + .hours(1))
        return try Approved(action, by: decision, approvals: [], limits: .none, now: time.now)
    }

    func misbehave(_ mode: Adversary.Mode, _ more: String = "") async throws {
        _ = try await send("POST", "/adversary", #"{"mode":"\#(mode.rawValue)"\#(more)}"#)
    }

    /// Effects under a reference by the ERP's own count, past the connector.
    func effects(_ reference: Reference) async throws -> Int {
        struct View: Decodable { let references: [String: Ledger.Entry] }
        return try await send("GET", "/ledger").decoded(View.self).references[reference.rawValue]?.effects ?? 0
    }
}

/// Records that an outcome was another than the test expects, where a guard has to leave.
func unexpected(_ place: SourceLocation = #_sourceLocation) {
    Issue.record("another outcome than expected", sourceLocation: place)
}
