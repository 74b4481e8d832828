import CanonicalModel
import CanonicalStore
import ConnectorKit
import Cycles
import FlatFiles
import Gateway
import HTTPTypes
import Hummingbird
import Replenishment
import Storage
import Vocabulary

/// What became of the rows of a file.
struct FeedReport: Encodable, Sendable {
    struct Row: Encodable, Sendable {
        /// As a spreadsheet counts: from 1, the header included. In a list or in JSON lines the first row is 1.
        let row: Int
        let violations: [Violation]
    }

    var total = 0
    /// Rows that changed something: created and updated ones.
    var taken = 0
    var created = 0
    var updated = 0
    var unchanged = 0
    /// Older than what is here.
    var stale = 0
    var refusedTotal = 0
    /// The first thousand of them.
    var refused: [Row] = []

    mutating func add(_ result: DeliveredRows.Result) {
        created += result.created
        updated += result.updated
        taken += result.created + result.updated
        unchanged += result.unchanged
        stale += result.stale
    }

    mutating func refuse(_ row: Row) {
        refusedTotal += 1
        if refused.count < 1000 { refused.append(row) }
    }
}

/// `POST feeds/{feed}`: a file of one feed, as large as it may be.
struct FeedIntake: Sendable {
    let gateway: GatewayServices
    let flow: FlowServices

    /// 200 when every row is taken or known; 207 when some are refused: look at the report.
    func take(_ request: Request, _ context: GatewayContext) async throws -> Response {
        if let plans = PlanFeed(rawValue: try context.text("feed")) { return try await take(plans, request, context) }
        let query = try RequestQuery(request, allowing: ["source", "observedAt"])
        let feed = try readFeed(try context.text("feed"), among: Set(Feed.allCases), field: "feed")
        guard let source = try query.id("source", as: ExternalSystem.self) else {
            throw Fault.invalid("source", found: nil, expected: "the name of the system that the rows come from")
        }
        let scope = try context.principal.scope
        guard scope.isEverywhere || [.policies, .balances, .supply, .demand, .sourcing].contains(feed) else {
            throw Fault.outOfScope("The feed \(feed.rawValue) concerns all locations, and the key is for some of them only.")
        }
        let now = gateway.clock.now()
        let file = try SpoolFile(folder: gateway.limits.spoolFolder, name: gateway.randomness.identifier(at: now))
        defer { file.remove() }
        var options = ImportOptions(format: try await spool(request, into: file, context))
        options.names = try await flow.database.read { connection in try CrosswalkStore.load(source, on: connection) }
        options.batchSize = feed == .demand ? 50_000 : 1000
        let rows = DeliveredRows(of: feed, from: source, into: flow.database, log: flow.events, clock: flow.clock)
        let taking = RowTaking(
            rows: rows, file: FileImport(file.path, options: options), names: options.names, scope: scope,
            database: flow.database,
            observedAt: try query.instant("observedAt") ?? now)
        let report = try await taking.run(feed)
        return try .json(report, status: report.refusedTotal == 0 ? .ok : .multiStatus)
    }

    /// Forecasts and recommendations, which belong to a source and, where one runs, to a cycle.
    private func take(_ feed: PlanFeed, _ request: Request, _ context: GatewayContext) async throws -> Response {
        let query = try RequestQuery(request, allowing: ["source", "cycle"])
        guard let source = try query.id("source", as: ExternalSystem.self) else {
            throw Fault.invalid("source", found: nil, expected: "the name of the source that made them")
        }
        let file = try SpoolFile(
            folder: gateway.limits.spoolFolder, name: gateway.randomness.identifier(at: gateway.clock.now()))
        defer { file.remove() }
        var options = ImportOptions(format: try await spool(request, into: file, context), batchSize: 500)
        options.names = try await flow.database.read { connection in try CrosswalkStore.load(source, on: connection) }
        let taking = PlanTaking(
            file: FileImport(file.path, options: options), source: source,
            cycle: try query.id("cycle", as: ForecastCycle.self), principal: try context.principal, flow: flow)
        let report = try await taking.run(feed)
        return try .json(report, status: report.refusedTotal == 0 ? .ok : .multiStatus)
    }

    private func spool(
        _ request: Request, into file: SpoolFile, _ context: GatewayContext
    ) async throws -> ImportOptions.Format {
        switch request.mediaType {
        case "text/csv", "application/csv":
            try await file.take(request.body, limit: gateway.limits.importBody)
            return .csv
        case "application/x-ndjson", "application/ndjson", "application/jsonl":
            try await file.take(request.body, limit: gateway.limits.importBody)
            return .ndjson
        case "application/json":
            var small = context
            small.limitBody(to: gateway.limits.batchBody)
            let bytes = try await request.bytes(small)
            switch try JSONShape(reading: bytes, nesting: gateway.limits.nesting) {
            case .list(let elements): try file.take(lines: elements.map { bytes[$0.bytes] })
            default: try file.take(lines: [bytes[...]])
            }
            return .ndjson
        case let other:
            throw Fault.unsupportedMediaType(other, expected: "text/csv, application/x-ndjson or application/json")
        }
    }
}
