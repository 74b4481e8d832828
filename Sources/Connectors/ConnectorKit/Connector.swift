import CanonicalModel
import Governance
import Vocabulary

/// One system that the control plane can read from and act upon.
///
/// A connector knows its system's protocol and the canonical model, and nothing of storage or of other
/// connectors. It keeps no state of its own beyond a session: what must last is in cursors and the crosswalk.
public protocol Connector: Sendable {
    static var manifest: Manifest { get }

    /// - Throws: `input.invalid` naming the setting, its value and what was expected. Does no I/O.
    init(_ settings: SettingValues, in surroundings: Surroundings) throws(Fault)

    /// How each kind of action may be repeated with these settings; the manifest's unless the settings change it.
    var capabilities: [ActionKind: Capability] { get }

    /// Asks the system who it is; proves address, credentials and permissions.
    func check() async throws(Fault) -> SystemInformation

    /// One page of what has changed in a feed, oldest change first.
    ///
    /// - Parameter cursor: where the last page ended; nil to begin at the beginning.
    func read(_ feed: Feed, after cursor: Cursor?, names: Crosswalk) async throws(Fault) -> Page

    /// Carries out one approved action, once.
    ///
    /// - Parameter reference: ours; it travels in a field of the system that can be read back.
    /// - Returns: one of three outcomes. Whatever is not certain is `unknown`: never a guess.
    func carryOut(_ action: Approved<Action>, reference: Reference, names: Crosswalk) async -> Outcome

    /// Looks for what `carryOut` may have done under `reference`.
    ///
    /// - Throws: when the system cannot be asked now; then the outcome stays unknown.
    func find(_ action: Action, reference: Reference, names: Crosswalk) async throws(Fault) -> Finding
}

extension Connector {
    public var capabilities: [ActionKind: Capability] { Self.manifest.capabilities }
}

/// Our own name for one action, unique for ever: `PLM-` and 20 letters and digits.
public enum ActionReference {}
public typealias Reference = ID<ActionReference>

/// What a system said of itself.
public struct SystemInformation: Codable, Hashable, Sendable {
    public let name: String
    public let version: String
    /// What an operator should know: a missing permission, a clock that is off.
    public let remarks: [String]

    public init(name: String, version: String, remarks: [String] = []) {
        self.name = name
        self.version = version
        self.remarks = remarks
    }
}
