import CanonicalModel
import CanonicalStore
import Cycles
import Gateway
import HTTPTypes
import Hummingbird
import Replenishment
import Storage
import Vocabulary

/// What a forecasting source is told about each forecast it delivered.
struct ForecastReceipt: Encodable, Sendable {
    enum Status: String, Encodable, Sendable { case created, updated, unchanged, stale, refused }

    /// Counted from 1.
    let row: Int
    let item: ID<Item>?
    let location: ID<Location>?
    let status: Status
    let violations: [Violation]
}

struct ForecastAnswer: Encodable, Sendable {
    let taken: Int
    let refused: Int
    let receipts: [ForecastReceipt]
}

/// Takes in what an outside source forecasts for a cycle.
struct ForecastIntake: Sendable {
    let gateway: GatewayServices
    let desk: CycleDesk
    let flow: FlowServices

    /// 202 when all are taken; 207 when some are refused: look at the receipts.
    func take(_ request: Request, for cycle: CycleRow, _ context: GatewayContext) async throws -> Response {
        guard cycle.state != .closed else { throw Fault.conflict("Cycle \(cycle.id) is closed.") }
        let batch = try await RequestBatch<Forecast>(request, context, most: gateway.limits.batch)
        let receipts = try await take(batch.rows, for: cycle, try context.principal.scope)
        let refused = receipts.count { $0.status == .refused }
        if batch.isSingle, refused == 1 { throw Fault.invalid(receipts[0].violations) }
        let status: HTTPResponse.Status = refused == 0 ? .accepted : .multiStatus
        return try .json(
            ForecastAnswer(taken: receipts.count - refused, refused: refused, receipts: receipts), status: status)
    }

    private func take(
        _ rows: [RequestBatch<Forecast>.Row], for cycle: CycleRow, _ scope: Scope
    ) async throws -> [ForecastReceipt] {
        let places = Set(rows.compactMap { row in if case .read(let value) = row { value.location } else { nil } })
        let within = try await flow.database.read { connection in
            try places.filter { try scope.contains($0, on: connection) }
        }
        var receipts: [ForecastReceipt?] = []
        var accepted: [(index: Int, forecast: Forecast)] = []
        for (index, row) in rows.enumerated() {
            switch row {
            case .refused(let violations): receipts.append(.init(row: index + 1, violations: violations))
            case .read(let forecast):
                let violations = complaints(about: forecast, for: cycle, within)
                if violations.isEmpty {
                    accepted.append((index, forecast.delivered(for: cycle.id)))
                    receipts.append(nil)
                } else {
                    receipts.append(.init(row: index + 1, forecast, .refused, violations))
                }
            }
        }
        let results = try await desk.takeIn(accepted.map(\.forecast), for: cycle.id, observedAt: flow.clock.now())
        for ((index, forecast), result) in zip(accepted, results) {
            let (status, violations) = result.told
            receipts[index] = .init(row: index + 1, forecast, status, violations)
        }
        return receipts.compactMap(\.self)
    }

    private func complaints(about forecast: Forecast, for cycle: CycleRow, _ within: Set<ID<Location>>) -> [Violation] {
        var found: [Violation] = []
        if !within.contains(forecast.location) {
            found.append(Violation("location", found: forecast.location.rawValue, expected: "a location that the key is for"))
        }
        if forecast.source != cycle.plan.source {
            found.append(
                Violation("source", found: forecast.source.rawValue, expected: "\(cycle.plan.source), which forecasts this cycle")
            )
        }
        if let named = forecast.cycle, named != cycle.id {
            found.append(Violation("cycle", found: named.rawValue, expected: "\(cycle.id), or nothing"))
        }
        return found
    }
}

extension ForecastReceipt {
    init(row: Int, violations: [Violation]) {
        self.init(row: row, item: nil, location: nil, status: .refused, violations: violations)
    }

    init(row: Int, _ forecast: Forecast, _ status: Status, _ violations: [Violation]) {
        let numbered = violations.map { Violation($0.field, found: $0.found, expected: $0.expected, row: row) }
        self.init(row: row, item: forecast.item, location: forecast.location, status: status, violations: numbered)
    }
}

extension UpsertResult {
    fileprivate var told: (ForecastReceipt.Status, [Violation]) {
        switch self {
        case .created: (.created, [])
        case .updated: (.updated, [])
        case .unchanged: (.unchanged, [])
        case .stale: (.stale, [])
        case .refused(let violations): (.refused, violations)
        }
    }
}
