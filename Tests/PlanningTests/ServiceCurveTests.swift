import Planning
import Testing

@Suite struct `A service curve` {
    static let targets = [0.6, 0.8, 0.9, 0.95, 0.98].map { ServiceTarget.fillRate($0) }

    func curve(_ rule: StockingRule, _ demands: [[Double]], season: Int = 1, leadTime: Int = 3) throws -> ServiceCurve {
        let review = try PeriodicReview(review: 1, leadTime: leadTime)
        var sums = [PeriodicReview.Result](repeating: .init(), count: Self.targets.count)
        for demand in demands {
            let results = try ServiceCurve.run(
                demand, known: 104, season: season, rule: rule, targets: Self.targets, review: review, refresh: 26,
                method: AutomaticMethod())
            sums = zip(sums, results).map { $0 + $1 }
        }
        return ServiceCurve(rule, targets: Self.targets, results: sums)
    }

    func demands(_ kind: DemandClass, mean: Double, count: Int, season: Int = 1) -> [[Double]] {
        var numbers = SeededNumbers(seed: 14)
        return (0..<count).map { _ in
            GeneratedDemand(kind, mean: mean, season: season).series(periods: 520, using: &numbers)
        }
    }

    @Test func `rises with the stock and keeps what it aims at`() throws {
        let curve = try curve(.forecast, demands(.smooth, mean: 60, count: 8))
        for (lower, upper) in zip(curve.points, curve.points.dropFirst()) {
            let (less, more) = (try #require(lower.result.fillRate), try #require(upper.result.fillRate))
            #expect(less < more)
            #expect(lower.periodsOfStock < upper.periodsOfStock)
        }
        for point in curve.points.dropFirst() {
            #expect(isClose(try #require(point.result.fillRate), point.target, within: 0.03))
        }
        let stock = try #require(curve.stock(atFillRate: 0.95))
        #expect(stock > curve.points[0].periodsOfStock && stock < curve.points[4].periodsOfStock)
        #expect(curve.stock(atFillRate: 0.1) == nil)
    }

    @Test func `of generated demand has the class that was asked for`() throws {
        for kind in DemandClass.allCases {
            let values = demands(kind, mean: 50, count: 1)[0]
            let series = try DemandSeries(values)
            #expect(try #require(DemandPattern(series)).demandClass == kind)
            #expect(isClose(series.mean, 50, within: 12))
        }
        #expect(demands(.lumpy, mean: 5, count: 2) == demands(.lumpy, mean: 5, count: 2))
    }

    @Test func `counts by hand`() throws {
        // Review every period, goods after one more: level 10, demand 4, 7, 2.
        let review = try PeriodicReview(review: 1, leadTime: 1)
        let result = review.run([4, 7, 2], start: 10) { _ in 10 }
        // End of periods: 6; -1 (short 1); the 4 ordered first arrive: 1.
        #expect(result.short == 1 && result.stock == 7 && result.orders == 3 && result.failed == 1)
        #expect(isClose(try #require(result.fillRate), 12.0 / 13) && result.asked == 3)
        #expect(throws: PolicyError.self) { try PeriodicReview(review: 0, leadTime: 1) }
    }
}
