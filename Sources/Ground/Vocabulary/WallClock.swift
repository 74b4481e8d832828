/// The time as this process is told it, and a way to wait.
///
/// Passed in everywhere, so that a test or a simulation owns the time; the real one is made in `Apps/Server` alone.
public struct WallClock: Sendable {
    public let now: @Sendable () -> Instant
    /// Suspends for the duration; throws `CancellationError` when the task is cancelled.
    public let pause: @Sendable (Duration) async throws -> Void

    public init(
        now: @escaping @Sendable () -> Instant,
        pause: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.pause = pause
    }
}
