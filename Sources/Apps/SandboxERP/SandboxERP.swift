import Hummingbird
import Logging
import NIOCore
import Vocabulary

/// A small ERP of our own: the demo's distributor, and the adversary of the fault tests.
///
/// It runs as a process of its own, so that a killed Plimsoll does not take it along, and it counts what
/// reaches it and what it did, so that nobody has to take Plimsoll's word for it.
package struct SandboxERP: Sendable {
    /// Serves until the task is cancelled or the process is told to stop.
    ///
    /// - Parameter onRunning: called once with the port it listens on.
    /// - Throws: when the port is taken, or the company cannot be made.
    package static func run(
        configuration: SandboxConfiguration,
        onRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) async throws {
        let application = try application(configuration, onRunning: onRunning)
        try await application.run()
    }

    /// The same, printing one line when it is ready; SIGINT and SIGTERM end it.
    package static func serve(configuration: SandboxConfiguration) async throws {
        let host = configuration.host
        let application = try application(configuration) { port in
            print("Sandbox ERP ready at http://\(host):\(port)")
        }
        try await application.runService()
    }

    private static func application(
        _ configuration: SandboxConfiguration, onRunning: @escaping @Sendable (Int) async -> Void
    ) throws -> Application<RouterResponder<SandboxContext>> {
        let clock = configuration.clock
        let sample =
            try configuration.sample
            ?? SampleDistributor(
                seed: configuration.seed, now: clock.now(), branches: configuration.branches)
        let company = SandboxCompany(
            books: CompanyBooks(sample), adversary: configuration.adversary, clock: clock,
            randomness: chance(configuration.seed, "adversary"))
        let router = Router(context: SandboxContext.self)
        router.add(middleware: Doorkeeper(key: configuration.key))
        FeedRoutes(company: company, clock: clock).add(to: router)
        WriteRoutes(company: company, clock: clock).add(to: router)
        ControlRoutes(company: company, clock: clock, sample: (sample.today, sample.seed)).add(to: router)
        var logger = Logger(label: "sandbox")
        logger.logLevel = .critical
        return Application(
            router: router,
            configuration: .init(address: .hostname(configuration.host, port: configuration.port)),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? configuration.port) },
            logger: logger)
    }
}
