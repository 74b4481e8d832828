import CanonicalModel
import ConnectorKit
import Sandbox
import SandboxERP
import TestSandbox
import Testing
import Vocabulary

/// Fault rows 16 to 20: what the connector says must be what the ERP counted, or "unknown".
@Suite struct `Acting on the sandbox ERP` {
    @Test(arguments: actions)
    func `an action is done once and found under its reference`(action: Action) async throws {
        try await RunningSandbox.during { erp async throws in
            let outcome = try await erp.carryOut(action, "PLM-A")
            guard case .done(let document) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(try await erp.find(action, "PLM-A") == .found(document))
            #expect(try await erp.find(action, "PLM-B") == .absent)
            #expect(try await erp.effects("PLM-A") == 1)
        }
    }

    @Test(
        arguments: [
            Adversary.Mode.applyThen500, .error500, .drop, .dropBefore, .garbage, .wrongType, .noContent, .redirect,
        ], actions)
    func `what cannot be told is unknown, and the probe settles it`(mode: Adversary.Mode, action: Action) async throws {
        try await RunningSandbox.during { erp async throws in
            try await erp.misbehave(mode)
            let outcome = try await erp.carryOut(action, "PLM-U")
            guard case .unknown = outcome else {
                Issue.record("\(mode): \(outcome)")
                return
            }
            try await erp.misbehave(.ok)
            let effects = try await erp.effects("PLM-U")
            let finding = try await erp.find(action, "PLM-U")
            #expect((finding == .absent) == (effects == 0), "\(mode): \(finding), \(effects) effects")
            if effects > 0, case .found = finding { return }
            #expect(effects == 0)
        }
    }

    @Test(arguments: [
        (Adversary.Mode.throttle429, "integer", Duration?.some(.seconds(17))), (.throttle503, "integer", .seconds(17)),
        (.throttle429, "httpDate", .seconds(17)), (.throttle503, "httpDate", .seconds(17)),
        (.throttle429, "none", Duration?.none),
    ])
    func `a throttled action is not done and names the time to come back`(
        mode: Adversary.Mode, form: String, wait: Duration?
    ) async throws {
        try await RunningSandbox.during { erp async throws in
            try await erp.misbehave(mode, #","seconds":17,"retryAfter":"\#(form)""#)
            guard case .notDone(let fault) = try await erp.carryOut(transfer, "PLM-T") else {
                Issue.record("not notDone")
                return
            }
            #expect(fault.code == .rateLimited)
            #expect(fault.disposition == .retry(after: wait))
            #expect(try await erp.effects("PLM-T") == 0)
        }
    }

    @Test func `an ERP that answers too late leaves the outcome open`() async throws {
        try await RunningSandbox.during { erp async throws in
            try await erp.misbehave(.late, #","seconds":300"#)
            guard case .unknown = try await erp.carryOut(transfer, "PLM-L") else {
                return unexpected()
            }
            try await erp.misbehave(.ok)
            #expect(try await erp.find(transfer, "PLM-L") == .absent)
            erp.time.advance(.seconds(300))
            guard case .found = try await erp.find(transfer, "PLM-L") else {
                return unexpected()
            }
            #expect(try await erp.effects("PLM-L") == 1)
        }
    }

    @Test func `nobody at the address means that nothing was done`() async throws {
        try await RunningSandbox.during { erp async throws in
            let outcome = try await erp.carryOut(transfer, "PLM-N", ["url": "http://127.0.0.1:1"])
            guard case .notDone(let fault) = outcome, case .retry = fault.disposition else {
                return unexpected()
            }
            #expect(fault.code == .unreachable)
        }
    }

    @Test func `what the ERP refuses is not done, in its own words`() async throws {
        try await RunningSandbox.during { erp async throws in
            let unknownItem = Action.createTransfer(
                TransferProposal(
                    item: "NO-SUCH", origin: "EWR", destination: "RNO", quantity: Quantity(1), unit: "C62", shipOn: day(23),
                    dueOn: day(29)))
            guard case .notDone(let fault) = try await erp.carryOut(unknownItem, "PLM-R") else {
                return unexpected()
            }
            #expect(fault.disposition == .reject)
            #expect(fault.message.contains("NO-SUCH"))
            let denied = try await erp.carryOut(transfer, "PLM-K", ["key": "wrong"])
            guard case .notDone(let denial) = denied else { return unexpected() }
            #expect(denial.disposition == .review(by: "operations"))
        }
    }

    @Test func `something else under our reference is seen as different`() async throws {
        try await RunningSandbox.during { erp async throws in
            _ = try await erp.carryOut(transfer, "PLM-D")
            guard case .different(_, let difference) = try await erp.find(purchase, "PLM-D") else {
                return unexpected()
            }
            #expect(difference.contains("transfer"))
            _ = try await erp.carryOut(transfer, "PLM-D")
            guard case .different(_, let twice) = try await erp.find(transfer, "PLM-D") else {
                return unexpected()
            }
            #expect(twice.contains("TR-000002, TR-000003"))
        }
    }

    @Test func `with de-duplication the same action sent twice is one effect and one document`() async throws {
        var adversary = Adversary()
        adversary.deduplicate = true
        try await RunningSandbox.during(adversary: adversary) { erp async throws in
            try await erp.misbehave(.applyThen500, #","count":1,"deduplicate":true"#)
            guard case .unknown = try await erp.carryOut(transfer, "PLM-I", ["deduplicate": "true"]) else {
                return unexpected()
            }
            guard case .done(let document) = try await erp.carryOut(transfer, "PLM-I", ["deduplicate": "true"]) else {
                return unexpected()
            }
            #expect(try await erp.find(transfer, "PLM-I") == .found(document))
            #expect(try await erp.effects("PLM-I") == 1)
        }
    }

    @Test func `a question that is not understood may be asked again`() async throws {
        try await RunningSandbox.during { erp async throws in
            for mode in [Adversary.Mode.garbage, .wrongType, .drop, .error500] {
                try await erp.misbehave(mode)
                let fault = await #expect(throws: Fault.self) {
                    try await erp.connector().read(.items, after: nil, names: Crosswalk())
                }
                guard case .retry = fault?.disposition else {
                    Issue.record("\(mode): \(String(describing: fault))")
                    continue
                }
            }
        }
    }
}
