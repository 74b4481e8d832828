import CanonicalModel
import ConnectorKit
import Cycles
import Gateway
import HTTPTypes
import Hummingbird
import Replenishment
import Storage
import Vocabulary

/// The configured systems: what they can do, how fresh their data is, and reading them now.
struct ConnectedSystemRoutes: Sendable {
    let flow: FlowServices

    struct SystemView: Encodable, Sendable {
        let name: ID<ExternalSystem>
        let connector: String
        let summary: String
        /// By the kind of action, how it may be repeated; a kind that is missing cannot be carried out.
        let capabilities: [String: Capability.Repeatability]
        let feeds: [FeedView]
        let sending: SendingView
    }

    /// What waits for the system, and whether anything is sent to it.
    struct SendingView: Encodable, Sendable {
        /// `answering`, `failing` or `onTrial`.
        let state: TargetStanding.State
        let since: Instant?
        /// Nothing is sent before, by any replica.
        let restsUntil: Instant?
        let reason: String?
        /// Approved actions, and those of unknown outcome.
        let approved: Int
        let unknown: Int
        let oldestSeconds: Int
        /// What the replica that answers allows itself; nil while it has met no limit.
        let requestsPerSecond: Double?
    }

    struct FeedView: Encodable, Sendable {
        let feed: Feed
        /// `incremental` or `snapshot`.
        let mode: String
        let startedAt: Instant?
        let completedAt: Instant?
        let fault: FeedFault?
    }

    struct Synchronizing: Codable, Sendable {
        /// All that the connector has when it is left out.
        var feeds: [String]?
    }

    struct Synchronized: Encodable, Sendable {
        let system: ID<ExternalSystem>
        let startedAt: Instant
        let completedAt: Instant
        /// Whether every feed was read to its end.
        let isComplete: Bool
        let feeds: [FeedSummary]
    }

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("systems") { _, _ in
            let now = flow.clock.now()
            let (standings, targets) = try await flow.database.read { connection in
                (try FeedStanding.all(on: connection), try TargetFigures.read(flow, at: now, on: connection))
            }
            let views = zip(flow.systems.all, targets).map { system, target in SystemView(system, standings, target) }
            return try Response.json(ListPage("systems", views))
        }
        routes.post("systems/{name}/sync") { request, context in
            let body = try await request.decodedIfPresent(Synchronizing.self, context)
            return try await synchronize(try context.id("name"), body?.feeds)
        }
        routes.get("refusals") { request, _ in
            let query = try RequestQuery(request, allowing: ["system", "limit"])
            let (system, limit): (ID<ExternalSystem>?, Int) = (try query.id("system"), try query.limit())
            let rows = try await flow.database.read { connection in
                try RefusedRows.open(of: system, limit: limit, on: connection)
            }
            return try Response.json(ListPage("refusals", rows))
        }
    }

    private func synchronize(_ name: ID<ExternalSystem>, _ wanted: [String]?) async throws -> Response {
        guard let system = flow.systems[name] else { throw Fault.notFound("System \(name)") }
        let feeds = try wanted.map {
            try $0.map { text in try readFeed(text, among: Set(system.manifest.feeds.keys), field: "feeds") }
        }
        let summary = try await Synchronizer(system, flow).run(feeds.map(Set.init) ?? Set(Feed.allCases))
        return try .json(
            Synchronized(
                system: name, startedAt: summary.startedAt, completedAt: summary.completedAt, isComplete: summary.isComplete,
                feeds: summary.feeds), status: summary.isComplete ? .ok : .multiStatus)
    }
}

/// - Throws: `input.invalid` with what was probably meant.
func readFeed(_ text: String, among feeds: Set<Feed>, field: String) throws(Fault) -> Feed {
    if let feed = Feed(rawValue: text), feeds.contains(feed) { return feed }
    let names = feeds.map(\.rawValue).sorted()
    let meant = nearestName(to: text, among: names).map { "did you mean \($0)? " } ?? ""
    throw .invalid(field, found: text, expected: "\(meant)one of \(names.joined(separator: ", "))")
}

extension ConnectedSystemRoutes.SystemView {
    fileprivate init(_ system: ConnectedSystems.Connected, _ standings: [FeedStanding], _ target: TargetFigures) {
        name = system.name
        connector = system.manifest.name
        summary = system.manifest.summary
        capabilities = Dictionary(
            system.manifest.capabilities.map { ($0.key.rawValue, $0.value.repeatability) },
            uniquingKeysWith: { first, _ in first })
        feeds = Feed.allCases.compactMap { feed in
            guard let mode = system.manifest.feeds[feed] else { return nil }
            let standing = standings.first { $0.system == system.name && $0.feed == feed }
            return ConnectedSystemRoutes.FeedView(
                feed: feed, mode: mode == .snapshot ? "snapshot" : "incremental", startedAt: standing?.startedAt,
                completedAt: standing?.completedAt, fault: standing?.fault)
        }
        sending = ConnectedSystemRoutes.SendingView(target)
    }
}

extension ConnectedSystemRoutes.SendingView {
    fileprivate init(_ target: TargetFigures) {
        let standing = target.standing
        state = standing?.state ?? .answering
        since = standing?.since
        restsUntil = standing.flatMap { $0.isResting ? $0.restsUntil : nil }
        reason = standing.flatMap { $0.isResting || $0.state != .answering ? $0.reason : nil }
        (approved, unknown) = (target.queue.approved, target.queue.unknown)
        oldestSeconds = Int(target.oldest.inSeconds)
        requestsPerSecond = target.budget.flatMap { $0.perSecond.isFinite ? $0.perSecond : nil }
    }
}
