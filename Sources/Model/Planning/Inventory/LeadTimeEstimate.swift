import Foundation

/// One order that has arrived.
public struct OrderReceipt: Sendable, Hashable, Codable {
    /// Days from order to shelf.
    public let days: Double
    /// Days since it arrived.
    public let ageDays: Double

    public init(days: Double, ageDays: Double) {
        self.days = days
        self.ageDays = ageDays
    }
}

/// The lead time that receipts show, held against what the supplier states.
///
/// A receipt's weight halves with its age, and the stated lead time counts as a few receipts of its own: with many fresh ones it
/// hardly matters, and as they grow old the estimate falls back to it. Source: normal model with a conjugate prior, Gelman et
/// al., "Bayesian Data Analysis", 3rd ed., section 3.3 (`kappa0 = nu0 = statedWeight`), with exponential forgetting.
public struct LeadTimeEstimate: Sendable, Hashable, Codable {
    /// How long a receipt is remembered and how much a statement is worth.
    public struct Memory: Sendable, Hashable, Codable {
        public let halfLifeDays: Double
        /// Receipts that the stated lead time counts as, `>= 0`.
        public let statedWeight: Double
        /// Without a receipt for so long, what was measured says little of today.
        public let staleAfterDays: Double

        public static let standard = Memory(halfLifeDays: 180, statedWeight: 3, staleAfterDays: 365)

        public init(halfLifeDays: Double, statedWeight: Double, staleAfterDays: Double) {
            self.halfLifeDays = halfLifeDays
            self.statedWeight = statedWeight
            self.staleAfterDays = staleAfterDays
        }
    }

    public let leadTime: LeadTime
    /// Receipts that the measurement is worth today; 0 when nothing arrived yet.
    public let weight: Double
    /// Nil when nothing arrived yet.
    public let newestAgeDays: Double?
    /// The stated lead time is all there is to go by, or nothing has arrived for long.
    public let isStale: Bool
    /// Measured lead times, days, ascending, with the share of the weight that each has.
    public let measured: [Measured]

    public struct Measured: Sendable, Hashable, Codable {
        public let days: Double
        public let share: Double
    }

    /// - Parameter stated: what the supplier or the contract says; nil needs two receipts.
    /// - Throws: `PolicyError` naming the first figure that cannot be.
    public init(_ receipts: [OrderReceipt], stated: LeadTime?, memory: Memory = .standard) throws(PolicyError) {
        try PolicyError.requirePositive("memory.halfLifeDays", memory.halfLifeDays)
        try PolicyError.require("memory.statedWeight", memory.statedWeight)
        try stated?.check()
        for (index, receipt) in receipts.enumerated() {
            try PolicyError.require("receipts[\(index)].days", receipt.days)
            try PolicyError.require("receipts[\(index)].ageDays", receipt.ageDays)
        }
        let weights = receipts.map { exp2(-$0.ageDays / memory.halfLifeDays) }
        let weight = weights.reduce(0, +)
        self.weight = weight
        newestAgeDays = receipts.map(\.ageDays).min()
        isStale = newestAgeDays.map { $0 > memory.staleAfterDays } ?? true
        leadTime = try Self.estimate(receipts, weights, stated, memory.statedWeight)
        measured = zip(receipts, weights).sorted { $0.0.days < $1.0.days }.map {
            Measured(days: $0.0.days, share: weight > 0 ? $0.1 / weight : 0)
        }
    }

    private static func estimate(
        _ receipts: [OrderReceipt], _ weights: [Double], _ stated: LeadTime?, _ statedWeight: Double
    ) throws(PolicyError) -> LeadTime {
        let weight = weights.reduce(0, +)
        let mean = weight > 0 ? zip(receipts, weights).reduce(0) { $0 + $1.0.days * $1.1 } / weight : 0
        let squares = zip(receipts, weights).reduce(0) { $0 + ($1.0.days - mean) * ($1.0.days - mean) * $1.1 }
        guard let stated, statedWeight > 0 || weight == 0 else {
            let freedom = weight > 0 ? weight - weights.reduce(0) { $0 + $1 * $1 } / weight : 0
            guard receipts.count >= 2, freedom > 0 else {
                throw PolicyError(
                    field: "receipts", value: Double(receipts.count), expected: "two or more, or a stated lead time")
            }
            return LeadTime(mean: mean, deviation: (squares / freedom).squareRoot())
        }
        let prior = max(statedWeight, weight == 0 ? 1 : 0)
        let total = prior + weight
        let between = prior * weight / total * (mean - stated.mean) * (mean - stated.mean)
        let variance = (prior * stated.deviation * stated.deviation + squares + between) / total
        return LeadTime(mean: (prior * stated.mean + weight * mean) / total, deviation: variance.squareRoot())
    }

    /// The lead time, days, that this share of the remembered receipts did not exceed; nil when nothing arrived yet.
    public func measuredQuantile(_ level: Double) -> Double? {
        var sum = 0.0
        for one in measured {
            sum += one.share
            if sum >= level - 1e-12 { return one.days }
        }
        return measured.last?.days
    }
}
