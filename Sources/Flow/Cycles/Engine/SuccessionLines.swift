import CanonicalModel
import CanonicalStore
import Planning
import Replenishment
import Storage
import Vocabulary

/// Which positions have taken others' places, and whose places others have taken.
///
/// A place is taken where the last of the line is planned as well: at a location to which nobody has brought it yet, the old item
/// goes on as if nothing had happened.
struct SuccessionLines: Sendable {
    /// Who stands at the end of a position's line.
    private(set) var successors: [PositionKey: ID<Item>] = [:]
    /// All whose place a position's item has taken there, in the order of their ids.
    private(set) var predecessors: [PositionKey: [ID<Item>]] = [:]

    init(of positions: [PositionKey], in cycle: ID<ForecastCycle>, on connection: any Connection) throws {
        var links: [String: String] = [:]
        // Up to the ends of the lines, then down from there; a line that is longer than any assortment's leads in a circle.
        let items = Array(Set(positions.map(\.item)))
        try Self.follow(items, by: "id", on: connection, into: &links)
        let ends = Set(items).union(links.values.map { ID<Item>($0) })
        try Self.follow(Array(ends), by: "superseded_by", on: connection, into: &links)
        guard !links.isEmpty else { return }
        let lines = Succession.lines(links)
        let planned = Set(try Self.planned(lines.keys.map { ID<Item>($0) }, in: cycle, on: connection))
        let own = Dictionary(grouping: positions, by: \.item)
        for (last, members) in lines {
            let last = ID<Item>(last)
            for position in own[last] ?? [] where planned.contains(position) {
                predecessors[position] = members.sorted().map { ID<Item>($0) }
            }
            for position in members.flatMap({ own[ID<Item>($0)] ?? [] })
            where planned.contains(PositionKey(item: last, location: position.location)) {
                successors[position] = last
            }
        }
    }

    private static func follow(
        _ items: [ID<Item>], by column: SQL, on connection: any Connection, into links: inout [String: String]
    ) throws {
        var asked = Set<ID<Item>>()
        var open = items
        while !open.isEmpty {
            asked.formUnion(open)
            var next: Set<ID<Item>> = []
            for group in open.sorted().inStatementGroups() {
                let found = try connection.rows(
                    """
                    SELECT id, superseded_by FROM item
                    WHERE \(column) IN (\(list: group)) AND superseded_by IS NOT NULL
                    """
                ) { row in (try row[0] as ID<Item>, try row[1] as ID<Item>) }
                for (item, successor) in found {
                    links[item.rawValue] = successor.rawValue
                    next.formUnion([item, successor])
                }
            }
            open = Array(next.subtracting(asked))
        }
    }

    /// Where these items are in the cycle.
    private static func planned(
        _ items: [ID<Item>], in cycle: ID<ForecastCycle>, on connection: any Connection
    ) throws -> [PositionKey] {
        try items.sorted().inStatementGroups().flatMap { group in
            try connection.rows(
                "SELECT item, location FROM cycle_position WHERE cycle = \(cycle) AND item IN (\(list: group))"
            ) { row in PositionKey(item: try row[0], location: try row[1]) }
        }
    }
}
