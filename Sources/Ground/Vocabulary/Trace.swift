/// The W3C `traceparent` of the work under way, which events and audit entries carry on.
///
/// It follows the task, and databases hand it to the closures of their transactions, which run elsewhere.
public enum Trace {
    @TaskLocal public static var current: String?
}
