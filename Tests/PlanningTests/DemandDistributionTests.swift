import Planning
import Testing

/// Reference values: scipy 1.17.1, `stats.nbinom(m * m / (v - m), m / v)`, `stats.poisson`, `stats.gamma`.
@Suite struct `A demand distribution` {
    static let levels = [0.5, 0.8, 0.9, 0.95, 0.99]

    @Test(arguments: [
        (2.0, 6.0, [1.0, 3, 5, 7, 11]), (0.3, 0.9, [0, 0, 1, 2, 5]), (40, 400, [37, 55, 67, 77, 100]),
        (3.5, 3.5, [3, 5, 6, 7, 8]),
    ])
    func `of counts has the quantiles of the negative binomial or Poisson`(mean: Double, variance: Double, quantiles: [Double]) {
        let demand = DemandDistribution(mean: mean, variance: variance, shape: .counts(grain: 1))
        #expect(demand.family == (variance > mean ? .negativeBinomial : .poisson))
        #expect(Self.levels.map(demand.quantile) == quantiles)
    }

    @Test func `of counts has their probabilities and expected excess`() {
        let demand = DemandDistribution(mean: 2, variance: 6, shape: .counts(grain: 1))
        #expect(isClose(demand.probability(atMost: 5), 0.9122085048010974, within: 1e-12))
        #expect(isClose(demand.expectedExcess(over: 5), 0.26337448559670734, within: 1e-9))
        let many = DemandDistribution(mean: 40, variance: 400, shape: .counts(grain: 1))
        #expect(isClose(many.probability(atMost: 43), 0.6287183432805425, within: 1e-12))
        let poisson = DemandDistribution(mean: 3.5, variance: 1, shape: .counts(grain: 1))
        #expect(isClose(poisson.standardDeviation, 3.5.squareRoot()))
        #expect(isClose(poisson.probability(atMost: 6), 0.9347119029710463, within: 1e-12))
        #expect(isClose(poisson.expectedExcess(over: 0), 3.5))
    }

    @Test(arguments: [
        (
            4.0, 32.0,
            [(0.05, 0.01572856000007809), (0.5, 1.819745692478288), (0.95, 15.365835282776496), (0.99, 26.539586404084858)]
        ),
        (
            100, 2500,
            [(0.05, 34.157959918745775), (0.5, 91.80151872127243), (0.95, 193.84141319831812), (0.99, 251.12793787079042)]
        ),
    ])
    func `spread wide against its mean is a gamma`(mean: Double, variance: Double, table: [(Double, Double)]) {
        let demand = DemandDistribution(mean: mean, variance: variance)
        #expect(demand.family == .gamma)
        for (level, quantile) in table {
            #expect(isClose(demand.quantile(level) / quantile, 1, within: 1e-8))
            #expect(isClose(demand.probability(atMost: quantile), level, within: 1e-9))
        }
    }

    @Test func `expects the excess that its own tail adds up to`() {
        for demand in [
            DemandDistribution(mean: 100, variance: 2500), DemandDistribution(mean: 100, variance: 400),
            DemandDistribution(mean: 6, variance: 30, shape: .counts(grain: 3)),
        ] {
            let step = demand.mean / 5000
            // E[(D - s)+] is the area over the distribution function beyond s.
            let area = (0..<50_000).reduce(0.0) {
                $0 + (1 - demand.probability(atMost: demand.mean + (Double($1) + 0.5) * step)) * step
            }
            #expect(isClose(demand.expectedExcess(over: demand.mean) / area, 1, within: 2e-3))
        }
    }

    @Test func `narrow against its mean is normal, and without spread certain`() {
        let narrow = DemandDistribution(mean: 100, variance: 100)
        #expect(narrow.family == .normal)
        #expect(isClose(narrow.quantile(0.95), 116.448536, within: 1e-6))
        let certain = DemandDistribution(mean: 5, variance: 0)
        #expect(certain.family == .certain)
        #expect(certain.quantile(0.99) == 5)
        #expect(certain.probability(atMost: 4.9) == 0 && certain.probability(atMost: 5) == 1)
    }

    @Test func `with impossible moments is still a distribution`() {
        for (mean, variance) in [
            (-1.0, 4.0), (.nan, .nan), (0, 0), (0, 9), (1e-300, 1), (1, 1e300), (1e300, 1), (5, 9), (0.01, 0.0001),
        ] {
            for shape in [DemandDistribution.Shape.matched(grain: 0), .counts(grain: 1), .normal, .counts(grain: 0)] {
                let demand = DemandDistribution(mean: mean, variance: variance, shape: shape)
                let quantiles = [0, Double.leastNonzeroMagnitude, 1e-305, 1e-9, 0.5, 0.99, 1].map(demand.quantile)
                #expect(quantiles.allSatisfy { $0.isFinite && $0 >= 0 })
                #expect(quantiles == quantiles.sorted())
            }
        }
    }
}
