import CoreMetrics
import Synchronization

/// Keeps metrics in memory and tells them in Prometheus' text format, version 0.0.4.
///
/// The same name with the same labels is the same metric, whoever asks for it. A name has one kind: a second
/// kind under the same name is counted nowhere, since it would make the whole page unreadable.
package final class PrometheusFactory: MetricsFactory, Sendable {
    private struct Key: Hashable {
        let name: String
        let labels: String
    }

    private struct Contents {
        var metrics: [Key: Metric] = [:]
        var kinds: [String: Metric.Kind] = [:]
    }

    private let contents = Mutex(Contents())
    private let bounds: [Double]
    private let capacity: Int

    /// Seconds, from a millisecond to ten.
    package static let standardBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    /// - Parameters:
    ///   - bounds: the upper bounds of the buckets of every histogram, ascending.
    ///   - capacity: how many metrics are kept at most, so that labels from outside cannot fill the memory.
    package init(bounds: [Double] = standardBounds, capacity: Int = 10_000) {
        self.bounds = bounds
        self.capacity = capacity
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        metric(label, dimensions, .counter(AtomicNumber())).number ?? AtomicNumber()
    }

    package func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        metric(label, dimensions, .counter(AtomicNumber())).number ?? AtomicNumber()
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        metric(label, dimensions, .gauge(AtomicNumber())).number ?? AtomicNumber()
    }

    /// A recorder that does not aggregate is a gauge: its last value.
    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return metric(label, dimensions, .gauge(AtomicNumber())).number ?? AtomicNumber() }
        return metric(label, dimensions, .histogram(Histogram(bounds))).histogram ?? Histogram(bounds)
    }

    /// In seconds, whatever the name says.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        metric(label, dimensions, .histogram(Histogram(bounds))).histogram ?? Histogram(bounds)
    }

    // Metrics live as long as the process: one that is let go of and made again goes on counting.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    /// - Returns: the metric that there is; a new one that is kept; or one that is not, when there is no place for it.
    private func metric(_ label: String, _ dimensions: [(String, String)], _ new: Metric) -> Metric {
        let key = Key(name: prometheusName(label), labels: prometheusLabels(dimensions))
        return contents.withLock { contents in
            if let kind = contents.kinds[key.name], kind != new.kind { return new }
            if let known = contents.metrics[key] { return known }
            guard contents.metrics.count < capacity else { return new }
            contents.metrics[key] = new
            contents.kinds[key.name] = new.kind
            return new
        }
    }

    /// All metrics, sorted by name and labels.
    package func text() -> String {
        let metrics = contents.withLock { $0.metrics }.sorted { ($0.key.name, $0.key.labels) < ($1.key.name, $1.key.labels) }
        var page = PrometheusPage()
        for (key, metric) in metrics { page.add(metric, name: key.name, labels: key.labels) }
        return page.text
    }
}
