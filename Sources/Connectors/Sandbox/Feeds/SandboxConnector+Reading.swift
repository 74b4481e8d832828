import CanonicalModel
import ConnectorKit
import Vocabulary

extension SandboxConnector {
    public func read(_ feed: Feed, after cursor: Cursor?, names: Crosswalk) async throws(Fault) -> Page {
        let words = SandboxWords(names: names)
        return switch feed {
        case .items: try await page("items", feed, cursor, words.item)
        case .locations: try await page("locations", feed, cursor, words.location)
        case .suppliers: try await page("suppliers", feed, cursor, words.supplier)
        case .sourcing: try await page("sourcing", feed, cursor, words.sourcing)
        case .lanes: try await page("lanes", feed, cursor, words.lane)
        case .policies: try await page("policies", feed, cursor, words.policy)
        case .balances: try await page("balances", feed, cursor, words.balance)
        case .supply: try await page("open-orders", feed, cursor, words.supply)
        case .demand: try await page("demand", feed, cursor, words.demand)
        }
    }

    /// The ERP gives every change an instant later than all before it, so that a cursor is exact and no overlap is needed.
    private func page<Record: Decodable>(
        _ route: String, _ feed: Feed, _ cursor: Cursor?, _ canonical: (Record) throws(Fault) -> CanonicalRecord
    ) async throws(Fault) -> Page {
        // Taken before the question, so that it is never later than what was seen.
        let observedAt = client.clock.now()
        var query: [(name: String, value: String)] = [("limit", "1000")]
        if let cursor { query.append(("cursor", "\(cursor.time.microseconds)~\(cursor.id)")) }
        let page: SandboxPage<Record> = try await client.get("/\(route)", query: query)
        var observations: [Observation] = []
        var refusals: [Refusal] = []
        for row in page.records {
            do throws(Fault) {
                let entity = try canonical(try row.record.get())
                let violations = entity.violations
                guard violations.isEmpty else { throw .invalid(violations) }
                observations.append(Observation(entity, externalID: row.id, observedAt: observedAt))
            } catch {
                let complaint = Violation(route, found: row.id, expected: error.message)
                refusals.append(Refusal(row: row.id, violations: error.violations.isEmpty ? [complaint] : error.violations))
            }
        }
        let last = page.records.last.map { Cursor(time: $0.changedAt, id: $0.id) }
        // A snapshot begins anew when it has come to its end.
        let next = Self.manifest.feeds[feed] == .snapshot && !page.more ? nil : last ?? cursor
        return Page(observations, refusals: refusals, next: next, hasMore: page.more)
    }
}

extension CanonicalRecord {
    fileprivate var violations: [Violation] {
        switch self {
        case .item(let entity): entity.violations()
        case .location(let entity): entity.violations()
        case .supplier(let entity): entity.violations()
        case .sourcing(let entity): entity.violations()
        case .lane(let entity): entity.violations()
        case .policy(let entity): entity.violations()
        case .balance(let entity): entity.violations()
        case .supply(let entity): entity.violations()
        case .demand(let entity): entity.violations()
        }
    }
}
