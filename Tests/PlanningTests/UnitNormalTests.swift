import Planning
import Testing

/// Reference values: scipy 1.17.1, `stats.norm.ppf`, `norm.pdf(k) - k * norm.sf(k)`.
@Suite struct `The unit normal` {
    @Test(arguments: [
        (1e-10, -6.361340902404056), (0.001, -3.090232306167813), (0.02, -2.053748910631823), (0.3, -0.5244005127080409),
        (0.95, 1.6448536269514722), (0.98, 2.0537489106318225), (0.99, 2.3263478740408408), (0.9999, 3.719016485455709),
    ])
    func `has the quantiles of the tables`(level: Double, z: Double) {
        #expect(isClose(UnitNormal.quantile(level), z, within: 1e-12))
        #expect(isClose(UnitNormal.cumulative(z), level, within: 1e-15))
    }

    @Test(arguments: [
        (-1.33, 1.3727000649582035), (0, 0.3989422804014327), (0.726, 0.13669322041732992), (1.1, 0.0686195099915296),
        (3, 0.0003821543170477275), (5, 5.346165533833156e-08),
    ])
    func `has the losses of the tables, and finds its way back`(k: Double, loss: Double) {
        #expect(isClose(UnitNormal.loss(k) / loss, 1, within: 1e-12))
        #expect(isClose(UnitNormal.lossInverse(loss), k, within: 1e-10))
    }

    @Test(arguments: [-1e9, -500, -38, -10, -1, -1e-9, 0, 0.5, 8, 20, 30])
    func `inverts every loss`(k: Double) {
        #expect(isClose(UnitNormal.lossInverse(UnitNormal.loss(k)), k, within: 1e-8 * max(1, abs(k))))
    }

    @Test func `ends in infinity where nothing is certain`() {
        #expect(UnitNormal.quantile(0) == -.infinity)
        #expect(UnitNormal.quantile(1) == .infinity)
        #expect(UnitNormal.lossInverse(0) == .infinity)
    }
}
