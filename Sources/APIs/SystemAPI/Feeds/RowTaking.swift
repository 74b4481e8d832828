import CanonicalModel
import ConnectorKit
import Cycles
import FlatFiles
import Gateway
import Storage
import Vocabulary

/// Reads a file of one feed and stores its rows, batch by batch.
struct RowTaking: Sendable {
    let rows: DeliveredRows
    let file: FileImport
    let names: Crosswalk
    let scope: Scope
    let database: any Database
    let observedAt: Instant

    func run(_ feed: Feed) async throws(Fault) -> FeedReport {
        switch feed {
        case .items: try await take(.items, CanonicalRecord.item, name: { names.externalID(of: $0.id) })
        case .locations: try await take(.locations, CanonicalRecord.location, name: { names.externalID(of: $0.id) })
        case .suppliers: try await take(.suppliers, CanonicalRecord.supplier, name: { names.externalID(of: $0.id) })
        case .sourcing: try await take(.sourcing, CanonicalRecord.sourcing, name: \.id.rawValue, place: \.location)
        case .lanes: try await take(.lanes, CanonicalRecord.lane, name: \.id.rawValue, place: \.destination)
        case .policies: try await take(.policies, CanonicalRecord.policy, name: \.id.rawValue, place: \.location)
        case .balances: try await take(.balances, CanonicalRecord.balance, name: \.id.rawValue, place: \.location)
        case .supply: try await take(.supply, CanonicalRecord.supply, name: \.id.rawValue, place: \.destination)
        case .demand where scope.isEverywhere: try await takeDemand()
        case .demand: try await take(.demand, CanonicalRecord.demand, name: \.id.rawValue, place: \.location)
        }
    }

    private func takeDemand() async throws(Fault) -> FeedReport {
        try await stored {
            // A batch is stored while the next one is read; no more than the two are in memory.
            try await withThrowingTaskGroup(of: DeliveredRows.Result.self) { storing in
                var report = FeedReport()
                let read = try await file.runDemand(observedAt: observedAt) { batch throws(Fault) in
                    if let result = try await stored({ try await storing.next() }) { report.add(result) }
                    storing.addTask { try await rows.store(demand: batch.demand) }
                }
                while let result = try await storing.next() { report.add(result) }
                report.close(read)
                return report
            }
        }
    }

    private func take<Entity: Sendable>(
        _ mapping: RowMapping<Entity>, _ record: (Entity) -> CanonicalRecord, name: (Entity) -> String,
        place: (Entity) -> ID<Location>? = { _ in nil }
    ) async throws(Fault) -> FeedReport {
        var report = FeedReport()
        let read = try await file.run(mapping) { batch throws(Fault) in
            let within = try await locationsWithin(Set(batch.rows.compactMap { place($0.entity) }))
            var observations: [Observation] = []
            var numbers: [String: Int] = [:]
            for (row, entity) in batch.rows {
                let location = place(entity)
                guard scope.isEverywhere || location.map(within.contains) ?? false else {
                    let violation = Violation(
                        "location", found: location?.rawValue, expected: "a location that the key is for", row: row)
                    report.refuse(FeedReport.Row(row: row, violations: [violation]))
                    continue
                }
                numbers[name(entity)] = row
                observations.append(Observation(record(entity), externalID: name(entity), observedAt: observedAt))
            }
            let result = try await stored { [observations] in try await rows.store(observations) }
            report.add(result)
            for refusal in result.refusals {
                let row = numbers[refusal.row] ?? 0
                report.refuse(
                    FeedReport.Row(
                        row: row,
                        violations: refusal.violations.map {
                            Violation($0.field, found: $0.found, expected: $0.expected, row: row)
                        }))
            }
        }
        report.close(read)
        return report
    }

    private func locationsWithin(_ locations: Set<ID<Location>>) async throws(Fault) -> Set<ID<Location>> {
        guard !scope.isEverywhere else { return locations }
        return try await stored {
            try await database.read { connection in try locations.filter { try scope.contains($0, on: connection) } }
        }
    }

    /// The database throws faults only, which its signature does not say.
    private func stored<Value>(_ work: () async throws -> Value) async throws(Fault) -> Value {
        do {
            return try await work()
        } catch let fault as Fault {
            throw fault
        } catch {
            throw .defect("\(error)")
        }
    }
}

extension FeedReport {
    /// Adds what was refused on reading, and counts all rows.
    mutating func close(_ read: ImportReport) {
        let later = refusedTotal
        total = read.taken + read.refused
        refusedTotal = later + read.refused
        let rows = refused + read.refusals.map { Row(row: $0.row, violations: $0.violations) }
        refused = Array(rows.sorted { $0.row < $1.row }.prefix(1000))
    }
}
