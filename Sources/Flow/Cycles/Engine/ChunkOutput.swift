import CanonicalModel
import Planning
import Replenishment
import Vocabulary

/// What a chunk answers.
struct ChunkOutput: Sendable {
    /// With the index of the position; `answer` is what holds, `stored` the statistical figures.
    var forecasts: [(index: Int, answer: SeriesForecast, stored: Forecast)] = []
    /// What planners made of some of them.
    var overridden: [Forecast] = []
    var recommendations: [PreparedRecommendation] = []
    var troubles: [Trouble] = []
    /// Positions that remain without a forecast.
    var unforecast: [PositionKey] = []

    mutating func add(_ answer: SeriesForecast, of index: Int, _ input: ChunkInput) {
        let position = input.positions[index]
        guard let today = input.today[position.location] else { return }
        func stored(_ answer: SeriesForecast, by source: ID<ExternalSystem>) -> Forecast {
            Forecast(
                answer, item: position.item, location: position.location, source: source, cycle: input.cycle, start: today,
                version: input.now.microseconds, isProvisional: input.isProvisional)
        }
        let held = input.overrides.applied(
            to: answer, of: position, start: today, periodDays: input.cycle.plan.periodDays)
        forecasts.append((index, held ?? answer, stored(answer, by: .builtInEngine)))
        if let held { overridden.append(stored(held, by: .planners)) }
    }

    /// Puts what went wrong with a position before a person.
    mutating func fail(_ position: PositionKey, _ error: any Error) {
        let fault =
            switch error {
            case let fault as Fault: fault
            case let error as PolicyError: Fault.invalid(error.field, found: "\(error.value)", expected: error.expected)
            case let error as ForecastError: Fault.unforecastable(error)
            default: Fault.defect("\(error)")
            }
        troubles.append(Trouble(position: position, fault: fault))
    }
}

/// A position that a person has to look at.
struct Trouble: Sendable {
    let position: PositionKey
    let fault: Fault
}

extension Fault {
    static func unforecastable(_ error: any Error) -> Fault {
        .invalid("demand", found: "\(error)", expected: "demand that can be forecast")
    }
}

extension Forecast {
    /// An answer of the built-in engine, to a millionth of a unit as quantities are.
    init(
        _ answer: SeriesForecast, item: ID<Item>, location: ID<Location>, source: ID<ExternalSystem>, cycle: CycleRow,
        start: BusinessDate, version: Int64, isProvisional: Bool
    ) {
        self.init(
            item: item, location: location, source: source, cycle: cycle.id, version: version, method: answer.method,
            start: start, periodDays: cycle.plan.periodDays, mean: answer.mean.map(millionths), levels: answer.levels,
            quantiles: answer.quantiles.map { $0.map(millionths) }, deviation: millionths(answer.residualDeviation),
            isProvisional: isProvisional)
    }
}

private func millionths(_ number: Double) -> Double {
    number < 1e9 ? (number * 1_000_000).rounded() / 1_000_000 : number
}
