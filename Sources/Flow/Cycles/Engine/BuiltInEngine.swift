import CanonicalModel
import CanonicalStore
import EventLog
import Planning
import Replenishment
import Storage
import Vocabulary

/// The forecasting source that needs no platform: reads demand, forecasts it, and recommends what follows.
struct BuiltInEngine: Sendable {
    let services: FlowServices

    init(_ services: FlowServices) {
        self.services = services
    }

    /// Computes one chunk and writes all of it in one transaction: twice computed, it is written once.
    ///
    /// - Parameter completing: called last in the transaction; what it throws undoes everything.
    func compute(
        _ chunk: EngineChunk,
        completing: @escaping @Sendable (ChunkResult, any Connection, Instant) throws -> Void
    ) async throws {
        let input = try await read(chunk)
        try Task.checkCancellation()
        var output = forecast(input)
        try Task.checkCancellation()
        advise(input, &output)
        try await write(output, for: chunk, input.cycle, completing)
    }

    /// The positions of a chunk that still have to be forecast, in the order of their items.
    func items(of chunk: EngineChunk) async throws -> [ID<Item>] {
        try await services.database.read { connection in try items(of: chunk, connection) }
    }

    private func items(of chunk: EngineChunk, _ connection: any Connection) throws -> [ID<Item>] {
        try connection.values(
            """
            SELECT item FROM cycle_position WHERE cycle = \(chunk.cycle) AND location = \(chunk.location)
                AND item >= \(chunk.firstItem) AND item <= \(chunk.lastItem) AND \(EngineRuns.lacking(chunk.isProvisional))
            ORDER BY item
            """)
    }

    private func read(_ chunk: EngineChunk) async throws -> ChunkInput {
        let now = services.clock.now()
        let rates = services.settings.rates
        return try await services.database.read { connection in
            let cycle = try CycleDesk(services).cycle(chunk.cycle, connection)
            guard let location = try Records<Location>.get(chunk.location, on: connection)?.entity else {
                throw Fault.notFound("Location \(chunk.location)")
            }
            let items = try items(of: chunk, connection)
            let today = location.timeZone.date(at: now)
            let plan = cycle.plan
            let periods = try DemandPeriods(
                from: today.adding(days: -plan.history * plan.periodDays), days: plan.periodDays, count: plan.history)
            let lines = try SuccessionLines(of: items, in: chunk, on: connection)
            let series = try DemandHistory.series(
                of: items + lines.predecessors.values.flatMap(\.self), at: location.id, over: periods, on: connection)
            let keys = items.map { PositionKey(item: $0, location: location.id) }
            let facts = try FactsGatherer(connection: connection, now: now, rates: rates).gather(for: keys)
            let known = facts.compactMap { if case .facts(let facts) = $0 { facts } else { nil as DecisionFacts? } }
            return ChunkInput(
                cycle: cycle, location: location.id, today: today, now: now, isProvisional: chunk.isProvisional, items: items,
                histories: Dictionary(series.map { ($0.item, $0) }) { first, _ in first }, lines: lines, facts: facts,
                leadTimes: try LeadTimeBook(known, on: connection))
        }
    }

    /// Forecasts all series of the chunk together, on the caller's thread; one that cannot be forecast holds back no other.
    private func forecast(_ input: ChunkInput) -> ChunkOutput {
        var output = ChunkOutput()
        let plan = input.cycle.plan
        do {
            let request = try ForecastRequest(horizon: plan.horizon, levels: [0.5, 0.8, 0.9, 0.95, 0.99])
            var series: [(index: Int, demand: PreparedDemand)] = []
            let preparation = DemandPreparation()
            for (index, item) in input.items.enumerated() {
                if let successor = input.lines.successors[item] {
                    output.add(.succeeded(by: successor.rawValue, request), of: index, input)
                    continue
                }
                do throws(ForecastError) {
                    series.append((index, preparation.prepared(try input.recorded(item), horizon: plan.horizon)))
                } catch {
                    output.troubles.append(Trouble(item: item, fault: .unforecastable(error)))
                }
            }
            let answers = CombinedMethod().forecast(series.map(\.demand.series), request)
            for ((index, demand), answer) in zip(series, answers) {
                switch answer {
                case .success(let forecast): output.add(demand.finished(forecast), of: index, input)
                case .failure(let error):
                    output.troubles.append(Trouble(item: input.items[index], fault: .unforecastable(error)))
                }
            }
        } catch {
            output.troubles = input.items.map { Trouble(item: $0, fault: .unforecastable(error)) }
        }
        output.unforecast = output.troubles.map(\.item)
        return output
    }

    private func advise(_ input: ChunkInput, _ output: inout ChunkOutput) {
        for (index, answer, stored) in output.forecasts {
            guard case .facts(let facts) = input.facts[index] else { continue }
            do {
                let advised = try recommendations(
                    for: facts, answer, stored: stored, cycle: input.cycle, input.leadTimes, at: input.now)
                output.recommendations += advised.map(PreparedRecommendation.init)
            } catch let fault as Fault {
                output.troubles.append(Trouble(item: input.items[index], fault: fault))
            } catch let error as PolicyError {
                let fault = Fault.invalid(error.field, found: "\(error.value)", expected: error.expected)
                output.troubles.append(Trouble(item: input.items[index], fault: fault))
            } catch {
                output.troubles.append(Trouble(item: input.items[index], fault: .defect("\(error)")))
            }
        }
    }
}

/// What a chunk is computed from.
struct ChunkInput: Sendable {
    let cycle: CycleRow
    let location: ID<Location>
    let today: BusinessDate
    let now: Instant
    let isProvisional: Bool
    let items: [ID<Item>]
    /// Of the items and of those whose place they have taken; who has no demand is not in it.
    let histories: [ID<Item>: DemandByPeriod]
    let lines: SuccessionLines
    /// One for each of `items`.
    let facts: [FactsGatherer.Gathered]
    let leadTimes: LeadTimeBook

    /// What is known of the demand for an item: its own, when there was stock, and whose place it has taken.
    func recorded(_ item: ID<Item>) throws(ForecastError) -> RecordedDemand {
        let own = histories[item]
        let predecessors = (lines.predecessors[item] ?? []).compactMap { predecessor in
            histories[predecessor].map { Succession.Predecessor(predecessor.rawValue, $0.values) }
        }
        let nothing = [Double](repeating: 0, count: predecessors.first?.values.count ?? 1)
        return try RecordedDemand(
            own?.values ?? nothing, season: cycle.plan.season, available: own?.available ?? [], predecessors: predecessors)
    }
}

/// What a chunk answers.
struct ChunkOutput: Sendable {
    /// With the index of the item.
    var forecasts: [(index: Int, answer: SeriesForecast, stored: Forecast)] = []
    var recommendations: [PreparedRecommendation] = []
    var troubles: [Trouble] = []
    /// Items that remain without a forecast.
    var unforecast: [ID<Item>] = []

    mutating func add(_ answer: SeriesForecast, of index: Int, _ input: ChunkInput) {
        let stored = Forecast(
            answer, item: input.items[index], location: input.location, cycle: input.cycle, start: input.today,
            version: input.now.microseconds, isProvisional: input.isProvisional)
        forecasts.append((index, answer, stored))
    }
}

/// A position that a person has to look at.
struct Trouble: Sendable {
    let item: ID<Item>
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
        _ answer: SeriesForecast, item: ID<Item>, location: ID<Location>, cycle: CycleRow, start: BusinessDate, version: Int64,
        isProvisional: Bool
    ) {
        self.init(
            item: item, location: location, source: .builtInEngine, cycle: cycle.id, version: version, method: answer.method,
            start: start, periodDays: cycle.plan.periodDays, mean: answer.mean.map(millionths), levels: answer.levels,
            quantiles: answer.quantiles.map { $0.map(millionths) }, deviation: millionths(answer.residualDeviation),
            isProvisional: isProvisional)
    }
}

private func millionths(_ number: Double) -> Double {
    number < 1e9 ? (number * 1_000_000).rounded() / 1_000_000 : number
}
