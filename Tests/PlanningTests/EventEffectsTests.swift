import Foundation
import Planning
import Testing

@Suite struct `Known events` {
    private static let promotions = [10, 11, 25, 40, 41, 58, 73, 88, 89]

    /// A steady demand with a promotion now and then; the last twelve periods are ahead.
    private func history(
        seed: UInt64, level: Double = 100, factor: Double = 1, addition: Double = 0, sparse: Bool = false
    ) throws -> (recorded: RecordedDemand, ahead: [Double]) {
        var numbers = SeededNumbers(seed: seed)
        let flags = (0..<108).map { Self.promotions.contains($0) || $0 == 98 || $0 == 103 ? 1.0 : 0 }
        let values = flags.map { flag in
            let mean = level * (flag > 0 ? factor : 1) + flag * addition
            return sparse ? numbers.poisson(mean) : max(0, (mean * (1 + 0.1 * numbers.normal())).rounded())
        }
        let event = DemandEvents.Event("promotion", past: Array(flags[..<96]), ahead: Array(flags[96...]))
        return (try RecordedDemand(Array(values[..<96]), season: 1, events: [event]), Array(values[96...]))
    }

    private func effects(_ recorded: RecordedDemand) -> EventEffects {
        EventEffects(recorded.series, recorded.events, horizon: 12)
    }

    @Test(arguments: [0.4, 1.8, 4])
    func `are measured as the factor that made them`(factor: Double) throws {
        for seed in 0..<10 {
            let effects = effects(try history(seed: UInt64(seed), factor: factor).recorded)
            #expect(effects.form != nil)
            let multiplier = effects.form == "multiplies" ? effects.effects[0].value : 1 + effects.effects[0].value / 100
            #expect(isClose(multiplier / factor, 1, within: 0.12))
        }
    }

    @Test func `count what is seldom asked for as it is`() throws {
        var sum = 0.0
        for seed in 0..<30 {
            let effects = effects(try history(seed: UInt64(seed), level: 0.8, factor: 5, sparse: true).recorded)
            #expect(effects.treatments.allSatisfy { $0.taken == $0.taken.rounded() })
            sum += effects.form == "multiplies" ? effects.effects[0].value : 1 + (effects.effects.first?.value ?? 0) / 0.8
        }
        #expect(isClose(sum / 30, 4.6, within: 0.7), "a little less than five: few sales are drawn towards no effect")
    }

    @Test func `of which nothing is to be seen are left alone`() throws {
        var believed = 0
        for seed in 100..<140 { believed += effects(try history(seed: UInt64(seed)).recorded).form == nil ? 0 : 1 }
        #expect(believed <= 4)
        let once = try RecordedDemand(
            [5, 5, 5, 50, 5, 5, 5, 5], events: [.init("fair", past: [0, 0, 0, 1, 0, 0, 0, 0], ahead: [1])])
        #expect(effects(once).form == nil && effects(once).notes[0].contains("occurred once"))
    }

    @Test func `are taken out of the past and put into the future, and the forecast says so`() throws {
        var (with, without) = (0.0, 0.0)
        for seed in 0..<10 {
            let (recorded, ahead) = try history(seed: UInt64(seed), factor: 3)
            let request = try ForecastRequest(horizon: 12, protection: 4)
            func error(_ preparation: DemandPreparation) throws -> Double {
                let prepared = preparation.prepared(recorded, horizon: 12)
                let answer = prepared.finished(CombinedMethod().forecast(prepared.series, request))
                if preparation.followsEvents {
                    #expect(answer.mean[2] > 2.3 * answer.mean[1] && answer.mean[7] > 2.3 * answer.mean[6])
                    #expect(answer.protection[0][0] > 4.5 * answer.mean[1], "a sum that spans the promotion")
                    #expect(
                        answer.quantiles[3][2] - answer.quantiles[0][2] > 2 * (answer.quantiles[3][1] - answer.quantiles[0][1]))
                    let treated = answer.explanation.treatments.filter { $0.cause == .event }
                    #expect(Set(treated.map(\.period)).isSubset(of: Set(Self.promotions)))
                    #expect(answer.explanation.notes.contains { $0.hasPrefix("Known events: promotion") })
                    #expect(answer.explanation.candidates.contains { $0.name.hasPrefix("no events") })
                }
                return zip(answer.mean, ahead).reduce(0) { $0 + abs($1.0 - $1.1) }
            }
            with += try error(DemandPreparation())
            without += try error(DemandPreparation(followsEvents: false))
        }
        #expect(with < 0.6 * without)
    }

    @Test func `that add rather than multiply are told apart where high and low periods alternate`() throws {
        var numbers = SeededNumbers(seed: 5)
        let flags = (0..<120).map { $0 % 9 == 4 ? 1.0 : 0 }
        let values = flags.enumerated().map { period, flag in
            (period % 2 == 0 ? 40 : 200) * (1 + 0.03 * numbers.normal()) + 60 * flag
        }
        let recorded = try RecordedDemand(values, season: 2, events: [.init("school", past: flags, ahead: [1])])
        let effects = effects(recorded)
        #expect(effects.form == "adds")
        #expect(isClose(effects.effects[0].value, 60, within: 12))
    }

    @Test(arguments: [0.001, 12, 1e9])
    func `do not depend on the unit`(factor: Double) throws {
        let (recorded, _) = try history(seed: 3, factor: 2)
        let plain = effects(recorded)
        let scaled = effects(
            try RecordedDemand(recorded.series.values.map { $0 * factor }, events: recorded.events.events))
        #expect(plain.form == scaled.form)
        let unit = plain.form == "adds" ? factor : 1
        #expect(isClose(scaled.effects[0].value / unit, plain.effects[0].value, within: 1e-3 * plain.effects[0].value))
    }

    @Test func `agree with the closed form of one factor without a prior to speak of`() throws {
        // Quasi-Poisson with one indicator: the factor is the ratio of sums. 40 periods of 1000 and 8 of 2500 leave the prior no
        // say.
        let flags = (0..<48).map { $0 % 6 == 5 ? 1.0 : 0 }
        let values = flags.enumerated().map { ($0 % 2 == 0 ? 990 : 1010) * ($1 > 0 ? 2.5 : 1) }
        let effects = effects(try RecordedDemand(values, events: [.init("e", past: flags, ahead: [])]))
        let multiplier = effects.form == "multiplies" ? effects.effects[0].value : 1 + effects.effects[0].value / 1000
        #expect(isClose(multiplier, 2.5, within: 0.06))
    }

    @Test func `that are no numbers are refused, and any series survives them`() throws {
        #expect(throws: ForecastError.invalidEvent(name: "e", period: 1, value: .nan)) {
            try RecordedDemand([1, 2], events: [.init("e", past: [0, .nan], ahead: [])])
        }
        #expect(throws: ForecastError.invalidEvent(name: "e", period: 1, value: .nan)) {
            try RecordedDemand([1, 2], events: [.init("e", past: [0], ahead: [])])
        }
        let request = try ForecastRequest(horizon: 4, protection: 2)
        for values in `Every forecast`.adversarial {
            let events = [
                DemandEvents.Event("odd", past: values.indices.map { Double($0 % 2) }, ahead: [1, 0, 1, 0]),
                DemandEvents.Event("often", past: values.indices.map { 1 + Double($0 % 3) }, ahead: [2, 1e9, -1e9, 0]),
            ]
            let prepared = DemandPreparation().prepared(try RecordedDemand(values, season: 4, events: events), horizon: 4)
            let answer = prepared.finished(CombinedMethod().forecast(prepared.series, request))
            for row in [answer.mean] + answer.quantiles + answer.protection {
                #expect(row.allSatisfy { $0.isFinite && $0 >= 0 && $0 <= 2000 * (values.max() ?? 0) })
            }
        }
    }
}
