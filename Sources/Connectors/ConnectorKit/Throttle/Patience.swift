/// How long whoever asks now is willing to wait for a system's budget.
///
/// A feed can wait half a minute for its next page. An action that was claimed cannot: it would stand in its process's lease
/// and be called late.
public enum Patience {
    /// Nil for the budget's own.
    @TaskLocal public static var bound: Duration?
}
