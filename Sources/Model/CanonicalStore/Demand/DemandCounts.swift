/// What became of rows of demand.
package struct DemandCounts: Codable, Hashable, Sendable {
    package var received = 0
    package var created = 0
    package var updated = 0
    package var unchanged = 0
    /// Older than what was there.
    package var stale = 0
    /// Followed in the same chunk by another row for the same item, location and date.
    package var repeated = 0
    package var refused = 0

    package init() {}

    package mutating func add(_ other: DemandCounts) {
        received += other.received
        created += other.created
        updated += other.updated
        unchanged += other.unchanged
        stale += other.stale
        repeated += other.repeated
        refused += other.refused
    }
}
