import Logging
import Replenishment
import ServiceLifecycle
import Vocabulary

extension FlowLoops {
    struct OutOfTime: Error {}

    /// Ends what has not ended by itself a little after the time of the drain.
    func cutOff() async throws {
        try await gracefulShutdown()
        try await plimsoll.services.clock.pause(plimsoll.services.settings.drain + .seconds(5))
        plimsoll.logger.warning("some work was cut off")
        throw OutOfTime()
    }

    /// Says no more that it is ready, and goes on answering, until whoever shares out the requests has noticed.
    func linger() async {
        guard let began = plimsoll.services.drain.began else { return }
        let rest = began + plimsoll.configuration.linger - plimsoll.services.clock.now()
        if rest > .zero { try? await plimsoll.services.clock.pause(rest) }
    }
}
