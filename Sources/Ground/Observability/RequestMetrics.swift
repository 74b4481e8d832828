import CoreMetrics
import Vocabulary

/// Counts and times what was asked over HTTP.
package struct RequestMetrics: Sendable {
    private let factory: any MetricsFactory

    package init(_ factory: any MetricsFactory) {
        self.factory = factory
    }

    /// - Parameter route: the path with its placeholders, so that labels stay few.
    package func record(method: String, route: String, status: Int, took: Duration) {
        let labels = [("method", known(method)), ("route", route), ("status", String(status))]
        factory.makeCounter(label: MetricName.requests, dimensions: labels).increment(by: 1)
        factory.makeTimer(label: MetricName.requestSeconds, dimensions: [("route", route)])
            .recordNanoseconds(max(0, took.microseconds) * 1000)
    }

    /// - Parameter queue: what there was too much of.
    package func recordShed(_ queue: String) {
        factory.makeCounter(label: MetricName.shed, dimensions: [("queue", queue)]).increment(by: 1)
    }

    /// - Parameter bound: how much may be in it before more is turned away.
    package func recordQueue(_ queue: String, load: Int, bound: Int) {
        factory.makeMeter(label: MetricName.queueWaiting, dimensions: [("queue", queue)]).set(Double(load))
        factory.makeMeter(label: MetricName.queueBound, dimensions: [("queue", queue)]).set(Double(bound))
    }

    /// A method that a caller made up would be a label of its own.
    private func known(_ method: String) -> String {
        ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"].contains(method) ? method : "other"
    }
}
