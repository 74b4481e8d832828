import CanonicalModel
import CanonicalStore
import Replenishment
import Storage
import Vocabulary

/// What is expected of all positions of an item, location, family or region together: the sums of their forecasts, so that every
/// level agrees with every other.
package struct ForecastSums: Encodable, Sendable {
    package struct Period: Encodable, Sendable {
        package let from: BusinessDate
        package let until: BusinessDate
    }

    package struct Node: Encodable, Sendable {
        package let name: String
        package let positions: Int
        /// Units by period: as the methods forecast them, and as they hold with what planners made of them.
        package fileprivate(set) var statistical: [Double]
        package fileprivate(set) var held: [Double]
    }

    package let by: String
    package let periods: [Period]
    package let total: Node
    /// Those with the most units first; what has no family is in the total only.
    package let nodes: [Node]
    package let nodesInAll: Int
}

/// Which sums are asked for.
package struct ForecastSumsQuestion: Sendable {
    package var group: AccuracyQuestion.Group
    package var from: BusinessDate
    package var periodDays: Int
    package var periods: Int
    /// On the forecast (`f`), its item (`i`) and its location (`l`).
    package var condition: SQL
    package var limit: Int

    package init(
        by group: AccuracyQuestion.Group, from: BusinessDate, periodDays: Int = 7, periods: Int = 13, where condition: SQL,
        limit: Int
    ) {
        self.group = group
        self.from = from
        self.periodDays = periodDays
        self.periods = periods
        self.condition = condition
        self.limit = limit
    }
}

extension ForecastSums {
    /// - Complexity: reads every forecast of the positions asked for, one at a time.
    package init(_ question: ForecastSumsQuestion, on connection: any Connection) throws {
        let days = (0...question.periods).map { question.from.adding(days: $0 * question.periodDays) }
        var sums = Sums(periods: question.periods)
        // Of a position the forecast that counts comes last, and what planners made of it after what they made it of.
        _ = try connection.rows(
            """
            SELECT f.item, f.location, i.family, l.region, f.source, f.start_on, f.period_days, f.mean
            FROM forecast f JOIN item i ON i.id = f.item JOIN location l ON l.id = f.location
            WHERE l.is_active = 1 AND i.is_retired = 0 AND \(question.condition)
            ORDER BY f.item, f.location, f.observed_at, f.recorded_at, f.id
            """
        ) { row in
            var columns = ColumnReader(row)
            let (item, location): (ID<Item>, ID<Location>) = (try columns.next(), try columns.next())
            let (family, region): (String?, String) = (try columns.next(), try columns.next())
            let (source, start): (ID<ExternalSystem>, BusinessDate) = (try columns.next(), try columns.next())
            let (length, mean): (Int, [Double]) = (try columns.next(), try columns.numbers())
            let forecast = Forecast(
                item: item, location: location, source: source, version: 0, method: "", start: start, periodDays: length,
                mean: mean)
            let name: String? =
                switch question.group {
                case .item: item.rawValue
                case .location: location.rawValue
                case .family: family
                case .region: region
                }
            let units = zip(days, days.dropFirst()).map { forecast.units(from: $0, until: $1) }
            sums.take(PositionKey(item: item, location: location), name, units, byPlanner: source == .planners)
        }
        sums.finish()
        by = question.group.rawValue
        periods = zip(days, days.dropFirst()).map { Period(from: $0, until: $1) }
        total = sums.total.node("total")
        let all = sums.nodes.map { $1.node($0) }.sorted { ($1.held.reduce(0, +), $0.name) < ($0.held.reduce(0, +), $1.name) }
        nodes = Array(all.prefix(question.limit))
        nodesInAll = all.count
    }
}

/// The sums so far, and the position whose forecasts are being read.
private struct Sums {
    struct Sum {
        var positions = 0
        var statistical: [Double]
        var held: [Double]

        mutating func add(_ statistical: [Double], _ held: [Double]) {
            positions += 1
            for period in statistical.indices {
                self.statistical[period] += statistical[period]
                self.held[period] += held[period]
            }
        }

        func node(_ name: String) -> ForecastSums.Node {
            .init(name: name, positions: positions, statistical: statistical, held: held)
        }
    }

    private let none: Sum
    private(set) var total: Sum
    private(set) var nodes: [String: Sum] = [:]
    private var open: (position: PositionKey, name: String?, statistical: [Double]?, held: [Double])?

    init(periods: Int) {
        let zeros = [Double](repeating: 0, count: periods)
        none = Sum(statistical: zeros, held: zeros)
        total = none
    }

    mutating func take(_ position: PositionKey, _ name: String?, _ units: [Double], byPlanner: Bool) {
        if open?.position != position { finish() }
        let before = open?.statistical
        open = (position, name, byPlanner ? before : units, units)
    }

    mutating func finish() {
        guard let one = open else { return }
        let statistical = one.statistical ?? one.held
        total.add(statistical, one.held)
        if let name = one.name { nodes[name, default: none].add(statistical, one.held) }
        open = nil
    }
}
