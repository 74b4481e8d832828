import CanonicalModel
import Storage
import Vocabulary

/// What was found for a position: its facts, or why there can be none.
package enum PositionFactsResult: Hashable, Sendable {
    case facts(PositionFacts)
    case missing(MissingFacts)

    package var facts: PositionFacts? {
        if case .facts(let facts) = self { facts } else { nil }
    }
}

/// What has to be known before anything can be decided about a position.
package enum MissingFacts: Hashable, Sendable {
    case unknownItem(ID<Item>)
    case unknownLocation(ID<Location>)

    package var message: String {
        switch self {
        case .unknownItem(let item): "Item \(item) is not known here."
        case .unknownLocation(let location): "Location \(location) is not known here."
        }
    }
}

extension PositionFacts {
    /// Reads all that a decision looks at, for many positions in a dozen statements.
    ///
    /// - Parameter pairs: may name a position twice.
    /// - Returns: one result for each pair, in order.
    package static func read(
        for pairs: [(ID<Item>, ID<Location>)], on connection: any Connection, at now: Instant
    ) throws -> [PositionFactsResult] {
        let positions = pairs.map { Position($0.0, $0.1) }
        let tables = try FactTables(positions, on: connection)
        return positions.map { tables.facts(of: $0, at: now) }
    }

    /// - Throws: `input.notFound` when the item or location is not known.
    package static func read(
        for item: ID<Item>, at location: ID<Location>, on connection: any Connection, at now: Instant
    ) throws -> PositionFacts {
        switch try read(for: [(item, location)], on: connection, at: now).first {
        case .facts(let facts)?: return facts
        case .missing(.unknownItem(let item))?: throw Fault.notFound("Item \(item)")
        case .missing(.unknownLocation(let location))?: throw Fault.notFound("Location \(location)")
        case nil: throw Fault.defect("Reading the facts of one position answered nothing.")
        }
    }
}

/// The rows that the facts of some positions are put together from.
private struct FactTables {
    let items: [ID<Item>: Stored<Item>]
    let locations: [ID<Location>: Stored<Location>]
    let lanes: [ID<Location>: [Lane]]
    let policies: [ID<InventoryPolicy>: Stored<InventoryPolicy>]
    let balances: [ID<Balance>: Stored<Balance>]
    let supply: [Position: [Stored<SupplyLine>]]
    let sourcings: [ID<Item>: [SourcingFacts]]
    let forecasts: [Position: Stored<Forecast>]
    let freeCapacity: [ID<Location>: Quantity]

    init(_ positions: [Position], on connection: any Connection) throws {
        let lanes = try lanesInUse(into: Set(positions.map(\.location)), on: connection)
        let donors = positions.flatMap { position in
            (lanes[position.location] ?? []).map { Position(position.item, $0.origin) }
        }
        let all = Set(positions + donors)
        self.lanes = lanes
        items = try Records.get(positions.map(\.item), on: connection)
        locations = try Records.get(all.map(\.location), on: connection)
        policies = try Records.get(all.map { .joining($0.item.rawValue, $0.location.rawValue) }, on: connection)
        balances = try Records.get(all.map { .joining($0.item.rawValue, $0.location.rawValue) }, on: connection)
        supply = try OpenSupply.lines(towards: all, on: connection)
        sourcings = try SourcingOptions.of(positions.map(\.item), on: connection)
        forecasts = try LatestForecasts.get(positions, on: connection)
        let destinations = Set(positions.map(\.location)).compactMap { [locations] in locations[$0]?.entity }
        freeCapacity = try FreeCapacity.of(destinations, on: connection)
    }

    func facts(of position: Position, at now: Instant) -> PositionFactsResult {
        guard let item = items[position.item]?.entity else { return .missing(.unknownItem(position.item)) }
        guard let location = locations[position.location]?.entity else { return .missing(.unknownLocation(position.location)) }
        let today = location.timeZone.date(at: now)
        return .facts(
            PositionFacts(
                item: item, location: location, policy: policy(of: position), balance: balance(of: position),
                supply: supply(of: position),
                sourcings: (sourcings[item.id] ?? []).filter { $0.serves(location.id, on: today) },
                donors: donors(for: position), forecast: forecasts[position]?.entity,
                freeCapacity: freeCapacity[location.id], asOf: now))
    }

    private func donors(for position: Position) -> [DonorFacts] {
        (lanes[position.location] ?? []).compactMap { lane in
            let donor = Position(position.item, lane.origin)
            guard let location = locations[lane.origin]?.entity, location.isActive, let balance = balance(of: donor) else {
                return nil
            }
            return DonorFacts(
                lane: lane, location: location, balance: balance, policy: policy(of: donor), supply: supply(of: donor))
        }
    }

    private func policy(of position: Position) -> InventoryPolicy? {
        policies[.joining(position.item.rawValue, position.location.rawValue)]?.entity
    }

    private func balance(of position: Position) -> BalanceFacts? {
        balances[.joining(position.item.rawValue, position.location.rawValue)].map { stored in
            BalanceFacts(stored.entity, observedAt: stored.provenance.observedAt)
        }
    }

    private func supply(of position: Position) -> [SupplyLine] {
        (supply[position] ?? []).map(\.entity)
    }
}

private func lanesInUse(into locations: Set<ID<Location>>, on connection: any Connection) throws -> [ID<Location>: [Lane]] {
    var lanes: [ID<Location>: [Lane]] = [:]
    for group in locations.sorted().inRuns(of: 2000) {
        let found = try connection.rows(
            """
            SELECT \(Stored<Lane>.columns()) FROM lane WHERE destination \(anyOf: group) AND is_active = 1 ORDER BY id
            """
        ) { row in try Stored<Lane>(row: row).entity }
        for lane in found { lanes[lane.destination, default: []].append(lane) }
    }
    return lanes
}
