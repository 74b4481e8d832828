import CanonicalModel
import ConnectorKit
import Governance
import Vocabulary

/// The sandbox ERP that `plimsoll sandbox` runs: the demo's distributor and the adversary of the fault tests.
public struct SandboxConnector: Connector {
    public static let manifest = Manifest(
        name: "sandbox",
        summary: "The small ERP that comes with Plimsoll, for trying things out and for breaking them.",
        settings: [
            Setting("url", "Address of the sandbox ERP, such as `http://127.0.0.1:8765`."),
            Setting(
                "key", "The key that the sandbox ERP was started with: `sandbox` unless told otherwise.", isSecret: true),
            Setting(
                "deduplicate",
                "`true` sends our reference as `Idempotency-Key`, for a sandbox ERP told to honour it; `false` does not.",
                standard: "false"),
            Setting("timeoutSeconds", "Seconds after which a call without an answer is given up.", standard: "30"),
            Setting(
                "settlesSeconds", "Seconds after a lost call within which it may still be carried out.", standard: "5"),
        ],
        feeds: [
            .items: .incremental, .locations: .incremental, .suppliers: .incremental, .sourcing: .incremental,
            .lanes: .incremental, .demand: .incremental,
            // An ERP that is restored from its backup turns these back, and a turned-back row is not a change.
            .policies: .snapshot, .balances: .snapshot, .supply: .snapshot,
        ],
        capabilities: capabilities(deduplicate: false, settles: .seconds(5)),
        // The sandbox ERP plays the systems that answer 400 to too many calls.
        throttling: ThrottleDialect(phrases: [400: ["REQUEST_LIMIT_EXCEEDED"]]))

    let client: SandboxClient
    let deduplicate: Bool
    let settles: Duration

    public init(_ settings: SettingValues, in surroundings: Surroundings) throws(Fault) {
        let address = try settings.text("url")
        guard address.hasPrefix("http://") || address.hasPrefix("https://") else {
            throw .invalid("url", found: address, expected: "an address such as http://127.0.0.1:8765")
        }
        deduplicate = try settings.flag("deduplicate", standard: false)
        settles = try settings.seconds("settlesSeconds", standard: 5, in: 0...86_400)
        client = SandboxClient(
            address: address.hasSuffix("/") ? String(address.dropLast()) : address, key: try settings.text("key"),
            timeout: try settings.seconds("timeoutSeconds", standard: 30, in: 0.05...3600), http: surroundings.http,
            clock: surroundings.clock)
    }

    /// What can be repeated depends on whether this ERP recognises our reference.
    public var capabilities: [ActionKind: Capability] { Self.capabilities(deduplicate: deduplicate, settles: settles) }

    private static func capabilities(deduplicate: Bool, settles: Duration) -> [ActionKind: Capability] {
        let document = Capability(deduplicate ? .nativeIdempotency : .naturalKeyProbe, settles: settles)
        return [
            .createPurchaseProposal: document, .createTransfer: document,
            .setInventoryPolicy: Capability(.absoluteSet, settles: settles),
        ]
    }

    public func check() async throws(Fault) -> SystemInformation {
        let status: SandboxStatus = try await client.get("/status")
        var remarks: [String] = []
        let skew = status.now - client.clock.now()
        if abs(skew.microseconds) > 60_000_000 {
            remarks.append("Its clock differs from ours by \(Int(skew.inSeconds)) seconds.")
        }
        if deduplicate && !status.deduplicate {
            remarks.append("It does not honour Idempotency-Key: set deduplicate to false, or tell it to.")
        }
        return SystemInformation(name: status.company, version: status.version, remarks: remarks)
    }
}

extension SettingValues {
    func flag(_ key: String, standard: Bool) throws(Fault) -> Bool {
        switch self[key] ?? "" {
        case "": standard
        case "true": true
        case "false": false
        case let other: throw .invalid(key, found: other, expected: "true or false")
        }
    }

    func seconds(_ key: String, standard: Double, in range: ClosedRange<Double>) throws(Fault) -> Duration {
        guard let text = self[key], !text.isEmpty else { return .microseconds(Int64(standard * 1_000_000)) }
        guard let seconds = Double(text), range.contains(seconds) else {
            throw .invalid(key, found: text, expected: "seconds from \(range.lowerBound) to \(range.upperBound)")
        }
        return .microseconds(Int64(seconds * 1_000_000))
    }
}
