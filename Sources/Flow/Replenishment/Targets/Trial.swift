import CanonicalModel
import ConnectorKit
import Storage
import Vocabulary

extension Dispatcher {
    /// Finds out whether a failing system answers again: by a question, which changes nothing, and then by one action.
    ///
    /// - Returns: nothing to send, and how many rows were claimed or set aside by the trial.
    func tryAgain(_ system: ConnectedSystems.Connected) async throws -> (dispatches: [Dispatch], taken: Int) {
        let epoch = lease.epoch
        guard let trials = try await beginTrial(of: system, by: epoch) else { return ([], 0) }
        let guardian = TargetGuard(services: services, system: system, lease: lease, logger: logger)
        if let fault = await question(system) {
            await guardian.conclude(Outcome.notDone(fault).sign, afterTrials: trials, by: epoch)
            return ([], 0)
        }
        let ready = try await ready(for: system, atMost: 1, at: services.clock.now(), when: "1 = 1")
        let dispatches = try await claim(ready[...], for: system)
        // With nothing to send, the answered question is all that can be known.
        var sign = Outcome.Sign.answers
        for dispatch in dispatches {
            if let outcome = await carryOut(dispatch) { sign = outcome.sign }
        }
        await guardian.conclude(sign, afterTrials: trials, by: epoch)
        return ([], ready.count)
    }

    /// - Returns: the number of the trial; nil when there is nothing to try, or not yet.
    private func beginTrial(of system: ConnectedSystems.Connected, by epoch: Int64) async throws -> Int? {
        let now = services.clock.now()
        let standing = try await services.database.read { connection in
            try TargetStanding.of(system.name, seenBy: epoch, at: now, on: connection)
        }
        guard let standing, !standing.isResting else { return nil }
        let longest = services.settings.callTimeout * 2
        let isBegun = try await services.database.write { connection in
            try TargetStanding.beginTrial(of: system.name, by: epoch, lasting: longest, on: connection, at: now)
        }
        return isBegun ? standing.trials + 1 : nil
    }

    /// - Returns: why it was not answered; nil when it was.
    private func question(_ system: ConnectedSystems.Connected) async -> Fault? {
        await services.within(services.settings.callTimeout) {
            .unreachable("\(system.name) does not say who it is.")
        } _: {
            await Patience.$bound.withValue(.seconds(1)) {
                do throws(Fault) {
                    _ = try await system.connector.check()
                    return nil
                } catch {
                    return error
                }
            }
        }
    }
}
