import CanonicalModel
import ConnectorConformance
import ConnectorKit
import Sandbox
import SandboxERP
import TestSandbox
import Testing
import Vocabulary

@Suite struct `The sandbox connector conforms` {
    @Test(arguments: [false, true])
    func `to what every connector promises`(deduplicate: Bool) async throws {
        var adversary = Adversary()
        adversary.deduplicate = deduplicate
        try await RunningSandbox.during(adversary: adversary) { erp async throws in
            let nobody = erp.settings.merging(["url": "http://127.0.0.1:1"]) { $1 }
            let world = ConformanceWorld(
                settings: erp.settings.merging(["deduplicate": "\(deduplicate)"]) { $1 }, unreachable: nobody,
                surroundings: erp.surroundings, actions: actions,
                countEffects: { _, reference in try await erp.effects(reference) })
            #expect(try await ConnectorConformance(SandboxConnector.self, in: world).breaches() == [])
        }
    }

    @Test func `its capabilities follow from whether the ERP recognises our reference`() async throws {
        try await RunningSandbox.during { erp async throws in
            let plain = try erp.connector(["settlesSeconds": "90"]).capabilities
            #expect(plain[.createTransfer] == Capability(.naturalKeyProbe, settles: .seconds(90)))
            let native = try erp.connector(["deduplicate": "true"]).capabilities
            #expect(native[.createTransfer]?.repeatability == .nativeIdempotency)
            #expect(native[.createPurchaseProposal]?.repeatability == .nativeIdempotency)
            #expect(native[.setInventoryPolicy]?.repeatability == .absoluteSet)
        }
    }

    @Test(arguments: [
        ("url", "ftp://host"), ("deduplicate", "perhaps"), ("timeoutSeconds", "soon"), ("settlesSeconds", "-1"), ("key", ""),
    ])
    func `a setting that makes no sense is named`(key: String, value: String) async throws {
        try await RunningSandbox.during { erp async throws in
            let fault = #expect(throws: Fault.self) { try erp.connector([key: value]) }
            #expect(fault?.violations.map(\.field) == [key])
        }
    }

    @Test func `the check tells a wrong key, a clock that is off and a setting that the ERP does not share`() async throws {
        try await RunningSandbox.during { erp async throws in
            #expect(try await erp.connector().check() == SystemInformation(name: "Meridian Supply", version: "1"))
            await #expect(throws: Fault.self) { try await erp.connector(["key": "wrong"]).check() }
            let remarks = try await erp.connector(["deduplicate": "true"]).check().remarks
            #expect(remarks.count == 1 && remarks[0].contains("Idempotency-Key"))
        }
    }
}
