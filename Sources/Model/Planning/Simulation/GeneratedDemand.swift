import Foundation

/// Demand made up for trying a policy when there is none of one's own: of each demand class, with or without a season.
public struct GeneratedDemand: Sendable, Hashable, Codable {
    public let demandClass: DemandClass
    /// Mean units per period.
    public let mean: Double
    /// Periods of a season; 1 for none. Its swing is a third of the mean.
    public let season: Int

    public init(_ demandClass: DemandClass, mean: Double, season: Int = 1) {
        self.demandClass = demandClass
        self.mean = max(0, mean)
        self.season = max(1, season)
    }

    /// Whole units per period, shape `[periods]`; the same for the same numbers.
    public func series(periods: Int, using numbers: inout some RandomNumberGenerator) -> [Double] {
        (0..<periods).map { period in
            let swing = season > 1 ? 1 + sin(2 * .pi * Double(period) / Double(season)) / 3 : 1
            return amount(mean * swing, &numbers).rounded()
        }
    }

    /// Share of periods with demand, and coefficient of variation of what is then asked for.
    private var pattern: (share: Double, variation: Double) {
        switch demandClass {
        case .smooth: (1, 0.25)
        case .erratic: (1, 0.9)
        case .intermittent: (0.3, 0.4)
        case .lumpy: (0.3, 1)
        }
    }

    /// Log-normal sizes: never negative, and their mean and variation are what was asked for.
    private func amount(_ mean: Double, _ numbers: inout some RandomNumberGenerator) -> Double {
        let (share, variation) = pattern
        let occurs = Double.random(in: 0..<1, using: &numbers) < share
        let radius = (-2 * log(Double.random(in: Double.leastNormalMagnitude..<1, using: &numbers))).squareRoot()
        let normal = radius * cos(2 * .pi * Double.random(in: 0..<1, using: &numbers))
        guard occurs else { return 0 }
        let spread = log1p(variation * variation)
        return mean / share * exp(spread.squareRoot() * normal - spread / 2)
    }
}
