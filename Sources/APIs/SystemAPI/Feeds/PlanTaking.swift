import CanonicalModel
import CanonicalStore
import Cycles
import FlatFiles
import Gateway
import Replenishment
import Storage
import Vocabulary

/// What an outside platform delivers by file.
enum PlanFeed: String, CaseIterable, Sendable {
    case forecasts, recommendations
}

/// Reads a file of forecasts or recommendations and hands it on, batch by batch, the way the API's own batches go.
struct PlanTaking: Sendable {
    let file: FileImport
    /// Who delivers; a row may name nobody else.
    let source: ID<ExternalSystem>
    /// The cycle that all rows are for; nil when the rows say, or when the source's running cycle is meant.
    let cycle: ID<ForecastCycle>?
    let principal: Principal
    let flow: FlowServices

    func run(_ feed: PlanFeed) async throws -> FeedReport {
        switch feed {
        case .forecasts: try await take(RowMapping<Forecast>.forecasts(from: source), store)
        case .recommendations: try await take(RowMapping<Recommendation>.recommendations(from: source), store)
        }
    }

    private func take<Entity>(
        _ mapping: RowMapping<Entity>,
        _ store: ([(row: Int, entity: Entity)], CycleChoice, inout FeedReport) async throws -> Void
    ) async throws -> FeedReport {
        let choice = try await CycleChoice.load(source, named: cycle, flow)
        var report = FeedReport()
        let read = try await file.run(mapping) { batch throws(Fault) in
            try await stored { try await store(batch.rows, choice, &report) }
        }
        report.close(read)
        return report
    }

    private func store(
        _ rows: [(row: Int, entity: Forecast)], _ choice: CycleChoice, _ report: inout FeedReport
    ) async throws {
        let desk = CycleDesk(flow)
        let within = try await locationsWithin(rows.map(\.entity.location))
        let expecting = try await choice.expecting(rows.map { Position($0.entity.item, $0.entity.location) }, flow)
        var accepted: [ID<ForecastCycle>: [(row: Int, forecast: Forecast)]] = [:]
        for ((row, forecast), expected) in zip(rows, expecting) {
            var violations = complaints(forecast.source, forecast.location, within)
            let meant = choice.cycle(named: forecast.cycle, expected: expected)
            if meant == nil { violations.append(choice.complaint(forecast.cycle)) }
            if violations.isEmpty, let meant {
                accepted[meant, default: []].append((row, forecast.delivered(for: meant)))
            } else {
                report.refuse(row, violations)
            }
        }
        for (cycle, forecasts) in accepted.sorted(by: { $0.key < $1.key }) {
            let results = try await desk.takeIn(forecasts.map(\.forecast), for: cycle, observedAt: flow.clock.now())
            for ((row, _), result) in zip(forecasts, results) { report.add(result, row) }
        }
    }

    /// A recommendation keeps the cycle that its file names and is given none: with another cycle it would be another
    /// recommendation, and the same file brought again later would contradict itself.
    private func store(
        _ rows: [(row: Int, entity: Recommendation)], _ choice: CycleChoice, _ report: inout FeedReport
    ) async throws {
        let within = try await locationsWithin(rows.map(\.entity.location))
        var accepted: [(row: Int, recommendation: Recommendation)] = []
        for (row, recommendation) in rows {
            var violations = complaints(recommendation.source, recommendation.location, within)
            if let named = recommendation.cycle ?? cycle, !choice.known.contains(named) {
                violations.append(choice.complaint(named))
            }
            do throws(Fault) {
                let proposed = try recommendation.proposed(by: principal)
                if violations.isEmpty { accepted.append((row, proposed.belonging(to: proposed.cycle ?? cycle))) }
            } catch {
                violations += error.violations
            }
            if !violations.isEmpty { report.refuse(row, violations) }
        }
        guard !accepted.isEmpty else { return }
        let receipts = try await Intake(flow).accept(accepted.map(\.recommendation), by: principal.person.rawValue)
        for ((row, _), receipt) in zip(accepted, receipts) { report.add(receipt, row) }
    }

    private func complaints(
        _ sender: ID<ExternalSystem>, _ location: ID<Location>, _ within: Set<ID<Location>>
    ) -> [Violation] {
        var found: [Violation] = []
        if sender != source {
            found.append(Violation("source", found: sender.rawValue, expected: "\(source), which delivers this file"))
        }
        if !within.contains(location) {
            found.append(Violation("location", found: location.rawValue, expected: "a location that the key is for"))
        }
        return found
    }

    private func locationsWithin(_ locations: [ID<Location>]) async throws -> Set<ID<Location>> {
        let scope = principal.scope
        guard !scope.isEverywhere else { return Set(locations) }
        return try await flow.database.read { connection in
            try Set(locations).filter { try scope.contains($0, on: connection) }
        }
    }

    private func stored(_ work: () async throws -> Void) async throws(Fault) {
        do {
            try await work()
        } catch let fault as Fault {
            throw fault
        } catch {
            throw .defect("\(error)")
        }
    }
}

extension FeedReport {
    fileprivate mutating func refuse(_ row: Int, _ violations: [Violation]) {
        let numbered = violations.map { Violation($0.field, found: $0.found, expected: $0.expected, row: row) }
        refuse(Row(row: row, violations: numbered))
    }

    fileprivate mutating func add(_ result: UpsertResult, _ row: Int) {
        switch result {
        case .created: created += 1
        case .updated: updated += 1
        case .unchanged: unchanged += 1
        case .stale: stale += 1
        case .refused(let violations): refuse(row, violations)
        }
        taken = created + updated
    }

    fileprivate mutating func add(_ receipt: Receipt, _ row: Int) {
        switch receipt.kind {
        case .accepted: created += 1
        case .duplicate: unchanged += 1
        case .refused: refuse(row, receipt.violations)
        }
        taken = created
    }
}
