import Planning
import Testing
import Vocabulary

@Suite struct `A planner's figure for one leaf` {
    private let start = BusinessDate(dayNumber: 100)

    private func part(
        _ from: Int, _ until: Int, _ figure: PlannerOverride.Figure, made: Int = 0
    ) -> LeafOverride {
        LeafOverride(
            from: start.adding(days: from), until: start.adding(days: until), figure, madeAt: .epoch + .seconds(made))
    }

    /// The means of three weeks, as they hold, to a billionth: they are sums over days.
    private func held(_ parts: [LeafOverride], of mean: [Double] = [7, 14, 21]) throws -> [Double]? {
        let plain = SeriesForecast(
            method: "test", mean: mean, spread: ForecastSpread(deviation: 2), levels: [0.5, 0.95], residualDeviation: 2,
            explanation: ForecastExplanation(reason: "A test."))
        return LeafOverride.adjustment(parts, of: mean, start: start, periodDays: 7)?.applied(to: plain).mean
            .map { ($0 * 1e9).rounded() / 1e9 }
    }

    @Test func `goes by the forecast within its days, and leaves the others`() throws {
        #expect(try held([part(0, 14, .units(42))]) == [14, 28, 21])
        #expect(try held([part(7, 21, .more(35))]) == [7, 28, 42])
        #expect(try held([part(14, 21, .times(0.5))]) == [7, 14, 10.5])
        #expect(try held([part(0, 7, .more(-100))]) == [0, 14, 21])
    }

    @Test func `of days that are over, or beyond the forecast, its part is left out`() throws {
        // A week of two has passed: half of the 60 is left for the other.
        #expect(try held([part(-7, 7, .units(60))]) == [30, 14, 21])
        #expect(try held([part(14, 28, .units(60))]) == [7, 14, 30])
        #expect(try held([part(-14, 0, .units(60)), part(21, 28, .units(9))]) == nil)
        // Three of seven days are three times what they were.
        #expect(try held([part(4, 7, .times(3))]) == [13, 14, 21])
    }

    @Test func `of two for one day the later made holds, in whatever order they come`() throws {
        let wide = part(0, 21, .times(2), made: 1)
        let narrow = part(7, 14, .units(1), made: 2)
        for parts in [[wide, narrow], [narrow, wide]] {
            #expect(try held(parts) == [14, 1, 42])
        }
    }

    @Test func `is even where nothing was forecast`() throws {
        #expect(try held([part(0, 14, .units(10))], of: [0, 0, 5]) == [5, 5, 5])
        #expect(try held([part(0, 7, .times(3))], of: [0, 0, 5]) == [0, 0, 5])
    }
}
