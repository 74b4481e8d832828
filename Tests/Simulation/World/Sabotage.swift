import Storage
import Vocabulary

/// A defect put in on purpose, to see that the simulation notices it.
package struct Sabotage: Sendable {
    /// Connectors say that nothing is there without having looked: what is unknown is sent again blindly.
    package var neverProbes = false
    /// A transaction that writes an attempt is acknowledged and forgotten: the call goes out with nothing written down.
    package var forgetsAttempts = false
    /// A transaction that takes a recommendation in is acknowledged and, one time in four, forgotten.
    package var forgetsReceipts = false
    /// Changes a statement on its way to the database; nil lets it be.
    package var rewrite: (@Sendable (SQL) -> SQL)?
    /// Run once, after the migrations.
    package var schema: [SQL] = []

    /// Chance that processes use behind the seed's back; nil for the seed's own.
    package var chance: Randomness?

    /// Processes go by the clocks of their machines, which are off and are set, and not by the database's.
    package var trustsMachines = false

    package init() {}
}
