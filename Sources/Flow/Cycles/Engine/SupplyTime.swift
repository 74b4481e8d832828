import CanonicalModel
import Planning
import Replenishment
import Vocabulary

/// How long replenishment of a position takes, and how that is known.
struct SupplyTime {
    let leadTime: LeadTime
    let basis: String
    /// Sentences about measurements that were not believed.
    let doubts: [String]

    /// Of the best supplier; of the lane where the position is fed by another location.
    ///
    /// - Returns: nil when there is neither.
    init?(_ facts: DecisionFacts, _ book: LeadTimeBook) throws {
        let position = facts.position
        let feeding = position.policy?.fedFrom.flatMap { origin in position.donors.first { $0.location.id == origin } }
        let best = position.sourcings.map(\.sourcing).min { ($0.rank, $0.leadTimeDays) < ($1.rank, $1.leadTimeDays) }
        if feeding == nil, let best {
            let measured = try book.leadTime(best, at: position.location.id, today: facts.today)
            leadTime = measured.leadTime
            basis = "\(best.supplier), \(measured.basis)"
            doubts = measured.doubts.map { "Lead time: \($0)." }
            return
        }
        guard let donor = feeding ?? position.donors.min(by: { $0.lane.transitDays < $1.lane.transitDays }) else { return nil }
        leadTime = LeadTime(mean: donor.lane.transitDays, deviation: donor.lane.transitDeviation)
        basis = "the lane from \(donor.location.id)"
        doubts = []
    }
}
