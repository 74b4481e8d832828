import CanonicalModel
import CanonicalStore
import Planning
import Replenishment
import Storage
import Vocabulary

/// What a chunk is computed from.
struct ChunkInput: Sendable {
    let cycle: CycleRow
    let now: Instant
    let isProvisional: Bool
    /// In the order of items, and within an item of locations.
    let positions: [PositionKey]
    /// The day it is at each location.
    let today: [ID<Location>: BusinessDate]
    /// Of the positions and of those whose place they have taken; who has no demand is not in it.
    let histories: [PositionKey: DemandByPeriod]
    let lines: SuccessionLines
    /// One for each of `positions`.
    let facts: [FactsGatherer.Gathered]
    let leadTimes: LeadTimeBook
    let overrides: PositionOverrides

    init(
        _ positions: [PositionKey], of cycle: CycleRow, isProvisional: Bool, rates: CostRates, on connection: any Connection,
        at now: Instant
    ) throws {
        self.cycle = cycle
        self.now = now
        self.isProvisional = isProvisional
        self.positions = positions
        let locations = try Records<Location>.get(positions.map(\.location), on: connection)
        for position in positions where locations[position.location] == nil {
            throw Fault.notFound("Location \(position.location)")
        }
        let today = locations.mapValues { $0.entity.timeZone.date(at: now) }
        self.today = today
        lines = try SuccessionLines(of: positions, in: cycle.id, on: connection)
        let wanted = positions.flatMap { [lines] position in
            ([position.item] + (lines.predecessors[position] ?? [])).map { Position($0, position.location) }
        }
        var histories: [PositionKey: DemandByPeriod] = [:]
        // Dates are days of a location's own calendar: where it is another day, periods begin on another one.
        for (day, group) in Dictionary(grouping: wanted, by: { today[$0.location] }) {
            guard let day else { continue }
            let periods = try DemandPeriods(
                from: day.adding(days: -cycle.plan.history * cycle.plan.periodDays), days: cycle.plan.periodDays,
                count: cycle.plan.history)
            for series in try DemandHistory.series(of: group, over: periods, on: connection) {
                histories[PositionKey(item: series.item, location: series.location)] = series
            }
        }
        self.histories = histories
        facts = try FactsGatherer(connection: connection, now: now, rates: rates).gather(for: positions)
        let known = facts.compactMap(\.facts)
        leadTimes = try LeadTimeBook(known, on: connection)
        let earliest = today.values.min() ?? TimeZoneName.utc.date(at: now)
        overrides = try PositionOverrides(of: positions, from: earliest, on: connection)
    }

    /// The facts of a position; nil when its item or location is not known.
    func facts(_ index: Int) -> DecisionFacts? { facts[index].facts }

    /// What is known of the demand of a position: its own, when there was stock, and whose place it has taken.
    func recorded(_ position: PositionKey) throws(ForecastError) -> RecordedDemand {
        let own = histories[position]
        let predecessors = (lines.predecessors[position] ?? []).compactMap { predecessor in
            histories[PositionKey(item: predecessor, location: position.location)].map {
                Succession.Predecessor(predecessor.rawValue, $0.values)
            }
        }
        let nothing = [Double](repeating: 0, count: predecessors.first?.values.count ?? 1)
        return try RecordedDemand(
            own?.values ?? nothing, season: cycle.plan.season, available: own?.available ?? [], predecessors: predecessors)
    }
}
