import CanonicalModel
import CanonicalStore
import Planning
import Storage
import Vocabulary

/// Which items of a chunk have taken others' places, and whose places others have taken.
///
/// A place is taken where the last of the line is planned as well: at a location to which nobody has brought it yet, the old item
/// goes on as if nothing had happened.
struct SuccessionLines: Sendable {
    /// Of items of the chunk: who stands at the end of their line.
    private(set) var successors: [ID<Item>: ID<Item>] = [:]
    /// Of items of the chunk: all whose place they have taken, in the order of their ids.
    private(set) var predecessors: [ID<Item>: [ID<Item>]] = [:]

    init(of items: [ID<Item>], in chunk: EngineChunk, on connection: any Connection) throws {
        var links: [String: String] = [:]
        // Up to the ends of the lines, then down from there; a line that is longer than any assortment's leads in a circle.
        try Self.follow(items, by: "id", on: connection, into: &links)
        let ends = Set(items).union(links.values.map { ID<Item>($0) })
        try Self.follow(Array(ends), by: "superseded_by", on: connection, into: &links)
        guard !links.isEmpty else { return }
        let lines = Succession.lines(links)
        let planned = Set(try Self.planned(lines.keys.map { ID<Item>($0) }, in: chunk, on: connection))
        let own = Set(items)
        for (last, members) in lines {
            let last = ID<Item>(last)
            guard planned.contains(last) else { continue }
            if own.contains(last) { predecessors[last] = members.sorted().map { ID<Item>($0) } }
            for member in members where own.contains(ID<Item>(member)) { successors[ID<Item>(member)] = last }
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

    private static func planned(
        _ items: [ID<Item>], in chunk: EngineChunk, on connection: any Connection
    ) throws -> [ID<Item>] {
        try items.sorted().inStatementGroups().flatMap { group in
            try connection.values(
                """
                SELECT item FROM cycle_position WHERE cycle = \(chunk.cycle) AND location = \(chunk.location)
                    AND item IN (\(list: group))
                """, as: ID<Item>.self)
        }
    }
}
