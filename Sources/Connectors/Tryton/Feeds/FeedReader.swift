import CanonicalModel
import ConnectorKit
import Vocabulary

/// Reads the feeds of one Tryton database.
struct FeedReader: Sendable {
    let client: TrytonClient
    let names: Crosswalk
    let session: TrytonClient.Session
    /// Taken before the first question of the page, so that nothing in the page is older.
    let observedAt: Instant

    var settings: TrytonSettings { client.settings }

    init(_ client: TrytonClient, names: Crosswalk) async throws(Fault) {
        self.client = client
        self.names = names
        do throws(CallFailure) {
            session = try await client.open()
        } catch {
            throw error.fault
        }
        observedAt = client.now()
    }

    func page(of feed: Feed, after cursor: Cursor?) async throws(Fault) -> Page {
        let round = try FeedRound(after: cursor, serverNow: await client.serverNow)
        switch feed {
        case .items: return try await items(round)
        case .locations: return try await locations(round)
        case .suppliers: return try await suppliers(round)
        case .sourcing: return try await sourcing(round)
        case .lanes: return try await lanes(round)
        case .policies: return try await policies(round)
        case .balances: return try await balances(round)
        case .supply: return try await supply(round)
        case .demand: return try await demand(round)
        }
    }

    /// The next records of a round, in the order of their ids.
    func records(
        _ model: String, _ domain: [RPCValue], _ fields: [String], _ round: FeedRound, limit: Int? = nil,
        context: [String: RPCValue] = [:]
    ) async throws(Fault) -> Slice {
        let limit = limit ?? settings.pageSize
        let found = try await search(
            model, domain + [["id", ">", .id(round.lastID)]], fields, limit: limit, context: context)
        return Slice(records: found, isFull: found.count == limit, lastID: try found.last?.id ?? round.lastID)
    }

    struct Slice {
        let records: [Record]
        let isFull: Bool
        let lastID: Int64
    }

    func search(
        _ model: String, _ domain: [RPCValue], _ fields: [String], limit: Int? = nil, newestFirst: Bool = false,
        context: [String: RPCValue] = [:]
    ) async throws(Fault) -> [Record] {
        try await client.search(model, domain, fields, limit: limit, newestFirst: newestFirst, context: context)
    }

    /// The company clause of models that belong to one.
    func ofCompany(_ field: String = "company") -> RPCValue { [.text(field), "=", .id(session.company)] }

    /// A page of an incremental feed with one stage.
    func incremental(_ harvest: Harvest, _ slice: Slice, _ round: FeedRound) -> Page {
        page(harvest, slice, round, stages: 1, end: round.closing(overlap: settings.overlap))
    }

    /// A page of a feed that reads `stages` kinds of records; `end` is nil for snapshots.
    func page(_ harvest: Harvest, _ slice: Slice, _ round: FeedRound, stages: Int, end: Cursor?) -> Page {
        var next = round
        if slice.isFull {
            next.lastID = slice.lastID
        } else {
            next.stage += 1
            next.lastID = 0
        }
        let hasMore = next.stage < stages
        return Page(harvest.observations, refusals: harvest.refusals, next: hasMore ? next.cursor : end, hasMore: hasMore)
    }
}

extension TrytonClient {
    /// Asks for records; the order is that of their ids.
    nonisolated func search(
        _ model: String, _ domain: [RPCValue], _ fields: [String], limit: Int? = nil, newestFirst: Bool = false,
        context: [String: RPCValue] = [:]
    ) async throws(Fault) -> [Record] {
        let order: RPCValue = [["id", newestFirst ? "DESC" : "ASC"]]
        let result = try await ask(
            "model.\(model).search_read",
            [.list(domain), 0, limit.map { .id(Int64($0)) } ?? .null, order, .texts(fields)], context: context)
        return try Self.records(result, of: model)
    }

    nonisolated func read(
        _ model: String, _ ids: [Int64], _ fields: [String], context: [String: RPCValue] = [:]
    ) async throws(Fault) -> [Record] {
        guard !ids.isEmpty else { return [] }
        return try Self.records(try await ask("model.\(model).read", [.ids(ids), .texts(fields)], context: context), of: model)
    }

    /// A call that changes nothing.
    nonisolated func ask(
        _ method: String, _ arguments: [RPCValue], context: [String: RPCValue] = [:]
    ) async throws(Fault) -> RPCValue {
        do throws(CallFailure) {
            return try await call(method, arguments, context: context)
        } catch {
            throw error.fault
        }
    }

    private static func records(_ result: RPCValue, of model: String) throws(Fault) -> [Record] {
        guard let elements = result.elements else { throw .protocolBroken("Tryton's answer about \(model) is no list.") }
        var records: [Record] = []
        records.reserveCapacity(elements.count)
        for element in elements { records.append(try Record(element, of: model)) }
        return records
    }
}
