import Foundation
import Planning
import Vocabulary

/// Stocking rules tried on many items under periodic review: what each gives for what it holds.
///
/// Levels are set from what is known at each time, never from what comes later; every rule meets the same demand.
public struct ServiceSimulation: Sendable {
    public let review: PeriodicReview
    public let season: Int
    /// Periods at the end of each demand that are simulated; what is before them is known at the start.
    public let periods: Int
    /// Periods after which levels are worked out anew.
    public let refresh: Int
    public let targets: [ServiceTarget]
    public let threads: Int

    /// - Throws: `.option` for a figure that cannot be.
    public init(
        review: PeriodicReview, season: Int = 1, periods: Int, refresh: Int = 13, targets: [ServiceTarget], threads: Int = 1
    ) throws(WorkbenchError) {
        guard periods > review.protection else {
            throw .option(
                name: "--periods", found: "\(periods)", expected: "more than lead time and review, \(review.protection)")
        }
        guard refresh >= 1 else { throw .option(name: "--refresh", found: "\(refresh)", expected: "1 or more") }
        guard !targets.isEmpty else { throw .option(name: "--targets", found: "nothing", expected: "percentages from 0 to 100") }
        self.review = review
        self.season = season
        self.periods = periods
        self.refresh = refresh
        self.targets = targets
        self.threads = threads
    }

    /// Whether anything was asked for before the simulated periods, which is what levels are set from.
    public func canLearn(from demand: [Double]) -> Bool {
        demand.count > periods && demand.dropLast(periods).contains { $0 > 0 }
    }

    /// - Parameter demands: shape `[items][periods]`; each one that levels can be learnt from.
    /// - Throws: `ForecastError`, `PolicyError`.
    public func curve(_ rule: StockingRule, _ demands: [[Double]]) async throws -> ServiceCurve {
        var outlooks = [[StockingRule.Outlook]](repeating: [], count: demands.count)
        for offset in stride(from: 0, to: periods, by: refresh) {
            let (season, periods) = (season, periods)
            let histories = try demands.map { try DemandSeries(Array($0.dropLast(periods - offset)), season: season) }
            for (item, outlook) in try await self.outlooks(rule, histories).enumerated() { outlooks[item].append(outlook) }
        }
        let simulation = self
        let results = try await inParts(Array(zip(demands, outlooks)), threads: threads) { demand, outlooks in
            try ServiceCurve.run(
                Array(demand.suffix(simulation.periods)), rule: rule, outlooks: outlooks, targets: simulation.targets,
                review: simulation.review, refresh: simulation.refresh)
        }
        var sums = [PeriodicReview.Result](repeating: .init(), count: targets.count)
        for result in results { sums = zip(sums, result).map { $0 + $1 } }
        return ServiceCurve(rule, targets: targets, results: sums)
    }

    private func outlooks(_ rule: StockingRule, _ histories: [DemandSeries]) async throws -> [StockingRule.Outlook] {
        let review = review
        guard rule == .pooled else {
            return try await inParts(histories, threads: threads) { try rule.outlook($0, review, by: AutomaticMethod()) }
        }
        let pool = try PooledOutlooks(review)
        let season = pool.season(histories)
        let studies = try await inParts(histories, threads: threads) { pool.study($0, season: season) }
        let calibration = pool.calibrate(studies)
        return try await inParts(studies, threads: threads) { pool.outlook($0, calibration) }
    }
}

extension ServiceSimulation {
    /// Demand of a mixed range of items, a quarter of each class, their means between 1 and 100 a period: the same for the same
    /// seed. An item that nobody ever asked for is not one of the range.
    public static func generated(items: Int, periods: Int, season: Int, seed: UInt64) -> [[Double]] {
        var numbers = Numbers(source: .seeded(seed))
        return (0..<items).map { item in
            let kind = DemandClass.allCases[item % DemandClass.allCases.count]
            let mean = pow(10, Double.random(in: 0..<2, using: &numbers))
            return GeneratedDemand(kind, mean: mean, season: season).series(periods: periods, using: &numbers)
        }
    }

    private struct Numbers: RandomNumberGenerator {
        let source: Randomness
        mutating func next() -> UInt64 { source.next() }
    }
}
