import CoreMetrics
import Synchronization

/// One metric with its labels.
enum Metric: Sendable {
    case counter(AtomicNumber)
    case gauge(AtomicNumber)
    case histogram(Histogram)

    enum Kind: String, Sendable { case counter, gauge, histogram }

    var kind: Kind {
        switch self {
        case .counter: .counter
        case .gauge: .gauge
        case .histogram: .histogram
        }
    }

    var number: AtomicNumber? {
        switch self {
        case .counter(let number), .gauge(let number): number
        case .histogram: nil
        }
    }

    var histogram: Histogram? {
        if case .histogram(let histogram) = self { histogram } else { nil }
    }
}

/// A number that many threads change without waiting for each other.
final class AtomicNumber: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, Sendable {
    private let bits = Atomic<UInt64>(0)

    var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    private func change(_ change: (Double) -> Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let (isDone, found) = bits.weakCompareExchange(
                expected: old, desired: change(Double(bitPattern: old)).bitPattern, ordering: .relaxed)
            if isDone { return }
            old = found
        }
    }

    // Prometheus takes a counter that falls for a restart of the process.
    func increment(by amount: Int64) { increment(by: Double(amount)) }
    func increment(by amount: Double) { change { $0 + amount } }
    func decrement(by amount: Double) { change { $0 - amount } }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func reset() { set(0.0) }
}

/// How often values fell between bounds.
final class Histogram: RecorderHandler, TimerHandler, Sendable {
    struct Reading: Sendable {
        let bounds: [Double]
        /// One more than there are bounds: the last counts what is above them all.
        var counts: [UInt64]
        var sum: Double
    }

    private let state: Mutex<Reading>

    init(_ bounds: [Double]) {
        state = Mutex(Reading(bounds: bounds, counts: Array(repeating: 0, count: bounds.count + 1), sum: 0))
    }

    var reading: Reading { state.withLock { $0 } }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        state.withLock { state in
            let bucket = state.bounds.firstIndex { value <= $0 } ?? state.bounds.count
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }
}
