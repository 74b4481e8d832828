import CanonicalModel
import CanonicalStore
import Planning
import Replenishment
import Storage
import Vocabulary

/// The forecasting source that needs no platform: reads demand, forecasts it, and recommends what follows.
package struct BuiltInEngine: Sendable {
    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    /// What a run has done so far.
    package struct Progress: Codable, Sendable, Hashable {
        package var positions = 0
        package var forecasts = 0
        package var recommendations = 0
        package var location: String = ""
    }

    /// Forecasts every position of a cycle and hands the recommendations in; memory is bounded by one page of positions.
    ///
    /// Run again after a crash it goes on: what it has recommended in this cycle is recognised.
    ///
    /// - Parameter asProvisional: as the fallback for a source that is late; then only what is uncovered is forecast.
    @discardableResult
    package func run(
        _ cycle: CycleRow, asProvisional: Bool = false, progress: @Sendable (Progress) -> Void = { _ in }
    ) async throws -> Progress {
        var done = Progress()
        let desk = CycleDesk(services)
        let locations = try await services.database.read { connection in try desk.locations(of: cycle.plan, connection) }
        for location in locations {
            done.location = location.id.rawValue
            let positions = try await expected(cycle, at: location.id, uncoveredOnly: asProvisional)
            for page in positions.inRuns(of: 200) {
                try await run(Array(page), at: location, cycle, asProvisional, desk, &done)
                progress(done)
            }
        }
        return done
    }

    private func expected(_ cycle: CycleRow, at location: ID<Location>, uncoveredOnly: Bool) async throws -> [ID<Item>] {
        let condition: SQL = uncoveredOnly ? "AND state = 'expected'" : ""
        return try await services.database.read { connection in
            try connection.values(
                "SELECT item FROM cycle_position WHERE cycle = \(cycle.id) AND location = \(location) \(condition) ORDER BY item")
        }
    }

    private func run(
        _ items: [ID<Item>], at location: Location, _ cycle: CycleRow, _ asProvisional: Bool, _ desk: CycleDesk,
        _ done: inout Progress
    ) async throws {
        let now = services.clock.now()
        let today = location.timeZone.date(at: now)
        let plan = cycle.plan
        let periods = try DemandPeriods(
            from: today.adding(days: -plan.history * plan.periodDays), days: plan.periodDays, count: plan.history)
        let rates = services.settings.rates
        let (series, gathered) = try await services.database.read { connection in
            let series = try DemandHistory.series(of: items, at: location.id, over: periods, on: connection)
            let keys = items.map { PositionKey(item: $0, location: location.id) }
            return (series, try FactsGatherer(connection: connection, now: now, rates: rates).gather(for: keys))
        }
        let values = Dictionary(series.map { ($0.item, $0.values) }) { first, _ in first }
        let histories = items.map { values[$0] ?? [] }
        let answers = try await forecast(histories, plan)
        var forecasts: [Forecast] = []
        var advised: [Recommendation] = []
        var unplanned: [(item: ID<Item>, fault: Fault)] = []
        for ((item, answer), facts) in zip(zip(items, answers), gathered) {
            let stored = Forecast(
                answer, item: item, location: location.id, cycle: cycle, start: today, version: now.microseconds,
                isProvisional: asProvisional)
            forecasts.append(stored)
            if case .facts(let facts) = facts {
                do {
                    advised += try recommendations(for: facts, answer, stored: stored, cycle: cycle, at: now)
                } catch let fault as Fault {
                    unplanned.append((item, fault))
                } catch let error as PolicyError {
                    unplanned.append((item, .invalid(error.field, found: "\(error.value)", expected: error.expected)))
                }
            }
        }
        _ = try await desk.takeIn(forecasts, for: cycle.id, observedAt: now)
        try await report(unplanned, at: location.id, cycle, now)
        let receipts = try await Intake(services).accept(advised, by: ID<ExternalSystem>.builtInEngine.rawValue)
        done.positions += items.count
        done.forecasts += forecasts.count
        done.recommendations += receipts.filter { $0.kind == .accepted }.count
    }

    /// One position that cannot be planned is for a person to look at; the others go on.
    private func report(
        _ unplanned: [(item: ID<Item>, fault: Fault)], at location: ID<Location>, _ cycle: CycleRow, _ now: Instant
    ) async throws {
        guard !unplanned.isEmpty else { return }
        try await services.database.write { connection in
            let exceptions = Exceptions(connection: connection, now: now, services: services)
            for (item, fault) in unplanned {
                try exceptions.open(
                    "unplanned", subject: "\(cycle.id)|\(item)|\(location)", team: "planning", item: item, location: location,
                    summary: "No policy could be computed: \(fault.message)")
            }
        }
    }

    /// Forecasts in parallel, answers in the order of the histories: the same on one thread or many.
    private func forecast(_ histories: [[Double]], _ plan: CyclePlan) async throws -> [SeriesForecast] {
        let request = try ForecastRequest(horizon: plan.horizon, levels: [0.5, 0.8, 0.9, 0.95, 0.99])
        return try await withThrowingTaskGroup(of: (Int, [SeriesForecast]).self) { group in
            for (number, share) in histories.inRuns(of: 50).enumerated() {
                group.addTask {
                    let method = AutomaticMethod()
                    var answers: [SeriesForecast] = []
                    for values in share {
                        // The lease is renewed and requests are answered on the same threads.
                        await Task.yield()
                        let history = try Planning.DemandSeries(values.isEmpty ? [0] : values, season: plan.season)
                        answers.append(try method.forecast(history, request))
                    }
                    return (number, answers)
                }
            }
            var shares: [Int: [SeriesForecast]] = [:]
            for try await (number, answers) in group { shares[number] = answers }
            return shares.sorted { $0.key < $1.key }.flatMap(\.value)
        }
    }
}

extension Forecast {
    init(
        _ answer: SeriesForecast, item: ID<Item>, location: ID<Location>, cycle: CycleRow, start: BusinessDate, version: Int64,
        isProvisional: Bool
    ) {
        self.init(
            item: item, location: location, source: .builtInEngine, cycle: cycle.id, version: version, method: answer.method,
            start: start,
            periodDays: cycle.plan.periodDays, mean: answer.mean, levels: answer.levels, quantiles: answer.quantiles,
            deviation: answer.residualDeviation, isProvisional: isProvisional)
    }
}
