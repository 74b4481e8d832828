import Replenishment

extension World {
    /// Hands a request to any process that runs; what it does about it stands still and dies with it.
    ///
    /// - Returns: nil while all are dead.
    /// - Throws: what the request throws, and `NoAnswer` when the process died over it.
    func ask<Answer: Sendable>(
        _ dice: Dice, _ request: (FlowServices) async throws -> Answer
    ) async throws -> Answer? {
        let running = machines.compactMap { machine in machine.process.map { (machine.strand, $0) } }
        guard !running.isEmpty else { return nil }
        let (strand, process) = dice.one(of: running)
        let answer = try await withTaskExecutorPreference(strand) { try await request(process.services) }
        guard process.life.isAlive else { throw NoAnswer() }
        return answer
    }
}

/// The connection broke with the process at the other end.
struct NoAnswer: Error {}
