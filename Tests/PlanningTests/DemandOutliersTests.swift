import Foundation
import Planning
import Testing

@Suite struct `An outlier` {
    private func found(_ values: [Double], season: Int = 1) throws -> [DemandTreatment] {
        DemandOutliers(try DemandSeries(values, season: season)).treatments
    }

    /// Demand around a trend and a season, whole pieces.
    private func regular(_ count: Int, seed: UInt64, amplitude: Double = 0.3) -> [Double] {
        var numbers = SeededNumbers(seed: seed)
        return (0..<count).map { month in
            let mean = (100 + Double(month)) * (1 + amplitude * sin(Double(month) * .pi / 6))
            return max(0, (mean * (1 + 0.1 * numbers.normal())).rounded())
        }
    }

    @Test(arguments: [1, 12])
    func `is found where it was put, up or down, and replaced by about what was there`(season: Int) throws {
        var further = 0
        for seed in 0..<20 {
            let clean = regular(72, seed: UInt64(seed), amplitude: season == 1 ? 0 : 0.3)
            var values = clean
            values[30] *= 6
            values[50] = 0
            let treatments = try found(values, season: season)
            further += treatments.count { ![30, 50].contains($0.period) }
            #expect(Set(treatments.map(\.period)).isSuperset(of: [30, 50]))
            for treatment in treatments where [30, 50].contains(treatment.period) {
                #expect(treatment.recorded == values[treatment.period])
                #expect(abs(treatment.taken / clean[treatment.period] - 1) < 0.6)
                #expect(treatment.taken == treatment.taken.rounded(), "whole pieces stay whole")
            }
        }
        #expect(further <= 2, "of 1,400 others")
    }

    @Test func `is seldom seen where there is none`() throws {
        var (count, periods) = (0, 0)
        for seed in 100..<160 {
            var numbers = SeededNumbers(seed: UInt64(seed))
            let sparse = (0..<104).map { _ in numbers.unit() < 0.25 ? 1 + numbers.poisson(3) : 0 }
            let counts = (0..<104).map { _ in numbers.poisson(4) }
            for values in [regular(72, seed: UInt64(seed)), sparse, counts] {
                count += try found(values, season: 12).count
                periods += values.count
            }
        }
        #expect(Double(count) / Double(periods) < 0.001)
    }

    @Test func `is neither a season, nor a new level, nor the last period, nor one of many`() throws {
        var numbers = SeededNumbers(seed: 4)
        let christmas = (0..<60).map { 50 + 3 * numbers.normal().rounded() + ($0 % 12 == 11 ? 200 : 0) }
        #expect(try found(christmas, season: 12).isEmpty)
        #expect(try found(Array(christmas.prefix(20)), season: 12).isEmpty, "one Christmas may come again")
        let shift = (0..<60).map { 50 + 3 * numbers.normal().rounded() + ($0 >= 40 ? 300 : 0) }
        #expect(try found(shift).isEmpty)
        let last = (0..<60).map { 50 + 3 * numbers.normal().rounded() + ($0 == 59 ? 900 : 0) }
        #expect(try found(last).isEmpty)
        let lumpy = (0..<100).map { _ in numbers.unit() < 0.5 ? exp(2 * numbers.normal()).rounded(.up) : 0 }
        #expect(try found(lumpy).isEmpty, "sizes that vary by nature")
        let often = (0..<60).map { 50 + 3 * numbers.normal().rounded() + ($0 % 7 == 0 ? 400 : 0) }
        #expect(try found(often).isEmpty)
        #expect(try found((0..<60).map { 100 + 10 * Double($0) }).isEmpty, "a steep line is a line to its end")
    }

    @Test func `of demand now and then is one size that dwarfs the others`() throws {
        var numbers = SeededNumbers(seed: 12)
        var values = (0..<100).map { _ in numbers.unit() < 0.3 ? 1 + numbers.poisson(2) : 0 }
        let place = try #require(values.indices.first { $0 > 40 && values[$0] > 0 })
        values[place] = 500
        let treatments = try found(values)
        #expect(treatments.map(\.period) == [place])
        #expect(treatments[0].taken <= 10 && treatments[0].taken >= 2)
    }

    @Test func `is replaced where that is asked for, and listed`() throws {
        var values = regular(48, seed: 2, amplitude: 0)
        values[20] = 5000
        let recorded = try RecordedDemand(values)
        #expect(DemandPreparation().prepared(recorded).treatments.isEmpty)
        let prepared = DemandPreparation(replacesOutliers: true).prepared(recorded)
        let answer = prepared.finished(try AutomaticMethod().forecast(prepared.series, ForecastRequest(horizon: 3)))
        #expect(answer.explanation.treatments.map(\.period) == [20])
        #expect(answer.explanation.notes.contains { $0.contains("5000 in period 20") })
        #expect(prepared.recorded.series.values == values)
    }

    @Test(arguments: [1e-6, 12, 1e9])
    func `does not depend on the unit`(factor: Double) throws {
        var values = regular(60, seed: 21)
        values[25] *= 7
        let scaled = try found(values.map { $0 * factor }, season: 12)
        let plain = try found(values, season: 12)
        #expect(scaled.map(\.period) == plain.map(\.period) && plain.count == 1)
    }

    @Test func `is looked for in every series without harm`() throws {
        for values in `Every forecast`.adversarial {
            for season in [1, 12] {
                let treatments = try found(values, season: season)
                #expect(treatments.allSatisfy { $0.taken.isFinite && $0.taken >= 0 })
            }
        }
    }
}
