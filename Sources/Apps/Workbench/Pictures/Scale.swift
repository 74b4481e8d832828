import Foundation

/// Where values lie between the ends of an axis, and which of them are written beside it.
struct Scale {
    enum Bend { case straight, towardsOne }

    let low: Double
    let high: Double
    let ticks: [(value: Double, label: String)]
    private let bend: Bend

    /// From `low` to at least `high` in about `count` round steps.
    init(from low: Double, to high: Double, count: Int = 5, label: (Double) -> String) {
        let span = max(high - low, 1e-9)
        let raw = span / Double(count)
        let power = pow(10, log10(raw).rounded(.down))
        let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= raw * 0.999 } ?? raw
        let first = (low / step + 1e-9).rounded(.down) * step
        let last = (high / step - 1e-9).rounded(.up) * step
        let end = max(last, first + step)
        bend = .straight
        self.low = first
        self.high = end
        ticks = (0...Int(((end - first) / step).rounded())).map { number in
            let value = first + Double(number) * step
            return (value: value, label: label(value))
        }
    }

    /// Shares that crowd near one: equal steps are equal factors of what is missing, so that 99 % is as far from 98 % as
    /// 98 % from 96 %.
    ///
    /// - Parameter written: the values that are written; round ones by default.
    init(towardsOneFrom low: Double, to high: Double, written: [Double]? = nil) {
        let marks = [0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9999]
        let start = marks.last { $0 <= low } ?? 0
        let end = marks.first { $0 >= min(high, 0.9999) } ?? 0.9999
        bend = .towardsOne
        self.low = start
        self.high = max(end, marks.first { $0 > start } ?? 0.9999)
        ticks = (written ?? marks.filter { $0 >= start && $0 <= end }).map { mark in
            let percent = (mark * 1e6).rounded() / 1e4
            return (value: mark, label: percent == percent.rounded() ? "\(Int(percent)) %" : "\(percent) %")
        }
    }

    /// 0 at the low end, 1 at the high one; beyond them outside.
    func share(_ value: Double) -> Double {
        switch bend {
        case .straight: (value - low) / (high - low)
        case .towardsOne: (missing(value) - missing(low)) / (missing(high) - missing(low))
        }
    }

    private func missing(_ share: Double) -> Double { -log10(max(1e-9, 1 - share)) }
}
