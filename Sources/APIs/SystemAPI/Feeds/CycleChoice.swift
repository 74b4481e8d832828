import CanonicalModel
import Cycles
import Replenishment
import Storage
import Vocabulary

/// The cycles that a source may deliver for.
///
/// Several may run at once, for one region each: a row that names none belongs to the one that expects its position.
struct CycleChoice: Sendable {
    let source: ID<ExternalSystem>
    /// Those that run, by their ids.
    let running: [CycleRow]
    /// Those that a row may name: a recommendation that is brought again after its cycle was closed is no other one.
    let known: Set<ID<ForecastCycle>>

    /// - Throws: `input.notFound` for a cycle that is not there; `input.conflict` when another source forecasts it.
    static func load(
        _ source: ID<ExternalSystem>, named: ID<ForecastCycle>?, _ flow: FlowServices
    ) async throws -> CycleChoice {
        let desk = CycleDesk(flow)
        guard let named else {
            let cycles = try await desk.cycles(by: source)
            return CycleChoice(source: source, running: cycles.filter { $0.state != .closed }, known: Set(cycles.map(\.id)))
        }
        let cycle = try await desk.cycle(named)
        guard cycle.plan.source == source else {
            throw Fault.conflict("Cycle \(named) is forecast by \(cycle.plan.source), not by \(source).")
        }
        return CycleChoice(source: source, running: cycle.state == .closed ? [] : [cycle], known: [named])
    }

    /// For each position the running cycle that expects it; nil where none does.
    func expecting(_ positions: [Position], _ flow: FlowServices) async throws -> [ID<ForecastCycle>?] {
        guard running.count > 1 else { return positions.map { _ in running.first?.id } }
        let ids = running.map(\.id)
        return try await flow.database.read { connection in
            try connection.rows(forEach: positions) { position in
                """
                SELECT cycle FROM cycle_position WHERE location = \(position.location) AND item = \(position.item)
                    AND cycle IN (\(list: ids)) ORDER BY cycle
                """
            } _: { row in
                try row[0] as ID<ForecastCycle>
            }.map(\.first)
        }
    }

    /// The cycle of a row; nil when it cannot be said, or is closed.
    func cycle(named own: ID<ForecastCycle>?, expected: ID<ForecastCycle>?) -> ID<ForecastCycle>? {
        guard let own else { return expected }
        return running.contains { $0.id == own } ? own : nil
    }

    func complaint(_ found: ID<ForecastCycle>?) -> Violation {
        let ids = running.map(\.id.rawValue).joined(separator: ", ")
        let expected =
            running.isEmpty
            ? "a running cycle that \(source) forecasts; there is none" : "a cycle that \(source) forecasts: \(ids)"
        return Violation("cycle", found: found?.rawValue, expected: expected)
    }
}
