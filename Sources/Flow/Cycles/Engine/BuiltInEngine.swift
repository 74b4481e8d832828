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
    func positions(of chunk: EngineChunk) async throws -> [PositionKey] {
        try await services.database.read { connection in try positions(of: chunk, connection) }
    }

    private func positions(of chunk: EngineChunk, _ connection: any Connection) throws -> [PositionKey] {
        try connection.rows(
            """
            SELECT item, location FROM cycle_position WHERE \(chunk.scope) AND \(EngineRuns.lacking(chunk.isProvisional))
            ORDER BY item, location
            """
        ) { row in PositionKey(item: try row[0], location: try row[1]) }
    }

    private func read(_ chunk: EngineChunk) async throws -> ChunkInput {
        let now = services.clock.now()
        let rates = services.settings.rates
        return try await services.database.read { connection in
            try ChunkInput(
                try positions(of: chunk, connection), of: try CycleDesk(services).cycle(chunk.cycle, connection),
                isProvisional: chunk.isProvisional, rates: rates, on: connection, at: now)
        }
    }

    /// Forecasts all series of the chunk together, on the caller's thread; one that cannot be forecast holds back no other.
    private func forecast(_ input: ChunkInput) -> ChunkOutput {
        var output = ChunkOutput()
        let plan = input.cycle.plan
        do {
            let plain = try ForecastRequest(horizon: plan.horizon)
            var series: [ProtectionPools.Member] = []
            let preparation = DemandPreparation()
            for (index, position) in input.positions.enumerated() {
                if let successor = input.lines.successors[position] {
                    output.add(.succeeded(by: successor.rawValue, plain), of: index, input)
                    continue
                }
                do throws(ForecastError) {
                    let demand = preparation.prepared(try input.recorded(position), horizon: plan.horizon)
                    series.append(.init(index: index, demand: demand, protection: protection(of: index, input)))
                } catch {
                    output.fail(position, error)
                }
            }
            for (request, members) in try ProtectionPools.of(series, horizon: plan.horizon) {
                let answers = CombinedMethod().forecast(members.map(\.demand.series), request)
                for (member, answer) in zip(members, answers) {
                    switch answer {
                    case .success(let forecast): output.add(member.demand.finished(forecast), of: member.index, input)
                    case .failure(let error): output.fail(input.positions[member.index], error)
                    }
                }
            }
        } catch {
            output.troubles = input.positions.map { Trouble(position: $0, fault: .unforecastable(error)) }
        }
        output.unforecast = output.troubles.map(\.position)
        // Pools come in the order of their lengths.
        output.forecasts.sort { $0.index < $1.index }
        return output
    }

    /// Whole periods that an order of a position takes; 1 where nobody knows.
    private func protection(of index: Int, _ input: ChunkInput) -> Int {
        guard let facts = input.facts(index), let supply = try? SupplyTime(facts, input.leadTimes) else { return 1 }
        let periods = (supply.leadTime.mean / Double(input.cycle.plan.periodDays)).rounded(.up)
        return min(max(1, Int(min(periods, 10_000))), input.cycle.plan.horizon)
    }

    private func advise(_ input: ChunkInput, _ output: inout ChunkOutput) {
        var makers: [RecommendationMaker] = []
        for (index, answer, stored) in output.forecasts {
            guard let facts = input.facts(index) else { continue }
            do {
                let advice = try PolicyAdvice(facts, answer, plan: input.cycle.plan, input.leadTimes)
                makers.append(
                    RecommendationMaker(
                        facts: facts, advice: advice, series: answer, forecast: stored, cycle: input.cycle, now: input.now))
            } catch {
                output.fail(input.positions[index], error)
            }
        }
        var goods: [(maker: RecommendationMaker, need: GoodsNeed)] = []
        for maker in makers {
            do {
                if let policy = maker.policy() { output.recommendations.append(PreparedRecommendation(policy)) }
                if let need = try maker.need() { goods.append((maker, need)) }
            } catch {
                output.fail(maker.position, error)
            }
        }
        let planned = NetworkPlanning(input.cycle.plan.allocation ?? .fair, makers).plan(goods)
        // Who has a place in the plan is decided before who has none and might take its goods.
        for (maker, need) in planned.filter({ $0.need.plan != nil }) + planned.filter({ $0.need.plan == nil }) {
            do {
                output.recommendations.append(PreparedRecommendation(try maker.goods(need)))
            } catch {
                output.fail(maker.position, error)
            }
        }
    }
}
