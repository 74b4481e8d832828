import CanonicalModel
import Storage
import Synchronization
import Vocabulary

/// The names of the systems that one process works with, read again only when they have changed.
package final class CrosswalkShelf: Sendable {
    private struct Kept {
        let version: Int64?
        let names: Crosswalk
    }

    private let kept = Mutex<[ID<ExternalSystem>: Kept]>([:])

    package init() {}

    /// All names that `system` has for our things.
    package func names(of system: ID<ExternalSystem>, on connection: any Connection) throws -> Crosswalk {
        // The version is read first: what changes meanwhile makes the next reader read again.
        let version = try CrosswalkStore.version(of: system, on: connection)
        if let found = kept.withLock({ $0[system] }), found.version == version { return found.names }
        let names = try CrosswalkStore.load(system, on: connection)
        kept.withLock { $0[system] = Kept(version: version, names: names) }
        return names
    }
}
