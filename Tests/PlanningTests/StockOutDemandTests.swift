import Foundation
import Planning
import Testing

@Suite struct `Demand without stock` {
    /// Customers come by chance at a rate; stock is refilled every `cycle` periods with so many units, and what is out is lost.
    private func sales(rate: Double, stock: Double, cycle: Int, periods: Int, seed: UInt64, season: (Int) -> Double = { _ in 1 })
        -> (values: [Double], available: [Double], asked: Double)
    {
        var numbers = SeededNumbers(seed: seed)
        var (values, available, asked, left) = ([Double](), [Double](), 0.0, stock)
        for period in 0..<periods {
            if period % cycle == 0 { left = stock }
            var (sold, time, out) = (0.0, 0.0, left == 0 ? 0.0 : 1.0)
            while true {
                time -= log(numbers.unit()) / (rate * season(period))
                if time >= 1 { break }
                asked += 1
                guard left > 0 else { continue }
                sold += 1
                left -= 1
                if left == 0 { out = time }
            }
            values.append(sold)
            available.append(out)
        }
        return (values, available, asked)
    }

    @Test(arguments: [(8.0, 30.0), (8.0, 20.0), (0.7, 2.0), (40.0, 120.0)])
    func `is estimated without bias, though stock ends because demand was high`(rate: Double, stock: Double) throws {
        var (asked, sold, taken, divided, raised) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for seed in 0..<40 {
            let record = sales(rate: rate, stock: stock, cycle: 4, periods: 120, seed: UInt64(seed))
            let recorded = try RecordedDemand(record.values, available: record.available)
            asked += record.asked
            sold += record.values.reduce(0, +)
            let values = DemandPreparation().prepared(recorded).series.values
            taken += values.reduce(0, +)
            for (period, share) in record.available.enumerated() where share > 0 && share < 1 {
                divided += record.values[period] / share
                raised += values[period]
            }
        }
        #expect(sold < 0.95 * asked, "the stock ran out often enough to matter")
        #expect(isClose(taken / asked, 1, within: 0.03))
        #expect(divided > 1.15 * raised, "to divide by the share of time counts the chance that ended the stock twice")
    }

    @Test func `knows the season of the periods that it fills`() throws {
        let season: (Int) -> Double = { 1 + 0.6 * sin(Double($0) * .pi / 6) }
        let record = sales(rate: 60, stock: 1e9, cycle: 1000, periods: 96, seed: 3, season: season)
        var (values, available) = (record.values, [Double](repeating: 1, count: 96))
        // The strongest and the weakest month of the sixth year.
        for period in [63, 69] { (values[period], available[period]) = (0, 0) }
        let prepared = DemandPreparation().prepared(try RecordedDemand(values, season: 12, available: available))
        #expect(isClose(prepared.series.values[63], 96, within: 14))
        #expect(isClose(prepared.series.values[69], 24, within: 10))
    }

    @Test func `is listed, can be undone, and is left alone when told so`() throws {
        let recorded = try RecordedDemand([6, 6, 2, 6, 6, 0], available: [1, 1, 0.25, 1, 1, 0])
        let prepared = DemandPreparation().prepared(recorded)
        let finished = prepared.finished(try HistoricalMean().forecast(prepared.series, ForecastRequest(horizon: 2)))
        let treatments = finished.explanation.treatments
        #expect(treatments.map(\.period) == [2, 5] && treatments.allSatisfy { $0.cause == .noStock })
        #expect(treatments.map(\.recorded) == [2, 0])
        #expect(prepared.series.values[2] > 5 && prepared.series.values[5] > 5)
        #expect(prepared.recorded.series.values == [6, 6, 2, 6, 6, 0])
        #expect(finished.explanation.notes.contains { $0.contains("no stock for 29 % of the time") })
        #expect(DemandPreparation(raisesStockOuts: false).prepared(recorded).series == recorded.series)
        let whole = try RecordedDemand([6, 6, 2], available: [1, 1, 1])
        #expect(DemandPreparation().prepared(whole).finished(finished).explanation.treatments == treatments)
    }

    @Test func `stays whole for whole pieces, and scales with its unit`() throws {
        let record = sales(rate: 0.6, stock: 2, cycle: 5, periods: 100, seed: 9)
        let plain = DemandPreparation().prepared(try RecordedDemand(record.values, available: record.available))
        #expect(plain.series.values.allSatisfy { $0 == $0.rounded() })
        #expect(plain.series.grain == 1)
        let dozen = DemandPreparation().prepared(try RecordedDemand(record.values.map { $0 * 12 }, available: record.available))
        #expect(isClose(dozen.series.values, plain.series.values.map { $0 * 12 }, within: 1e-6))
    }

    @Test func `where nothing was ever in stock nothing is invented`() throws {
        let recorded = try RecordedDemand([0, 0, 0], available: [0, 0, 0])
        let prepared = DemandPreparation().prepared(recorded)
        #expect(prepared.series.values == [0, 0, 0] && prepared.treatments.isEmpty)
    }

    @Test func `a share that cannot be is refused with its period`() {
        #expect(throws: ForecastError.invalidAvailability(period: 1, value: 1.5)) {
            try RecordedDemand([1, 2, 3], available: [1, 1.5, 0])
        }
        #expect(throws: ForecastError.invalidAvailability(period: 2, value: .nan)) {
            try RecordedDemand([1, 2, 3], available: [1, 1])
        }
    }

    @Test func `quantiles of what comes cover as often as they say`() throws {
        let request = try ForecastRequest(horizon: 1, levels: [0.9])
        var (inside, count) = (0, 0)
        for seed in 0..<150 {
            let record = sales(rate: 12, stock: 40, cycle: 4, periods: 80, seed: UInt64(500 + seed))
            let prepared = DemandPreparation().prepared(try RecordedDemand(record.values, available: record.available))
            let answer = prepared.finished(try AutomaticMethod().forecast(prepared.series, request))
            var numbers = SeededNumbers(seed: UInt64(9000 + seed))
            inside += (0..<10).count { _ in numbers.poisson(12) <= answer.quantiles[0][0] }
            count += 10
        }
        #expect(isClose(Double(inside) / Double(count), 0.91, within: 0.04))
    }
}
