/// How far a live figure may be from the assumed one before it matters.
///
/// A figure is within tolerance when it is within *either* bound: two pieces of three are nothing to act upon,
/// and neither are fifty of ten thousand.
public struct DriftTolerances: Codable, Hashable, Sendable {
    public struct Bounds: Codable, Hashable, Sendable {
        /// Of the assumed figure.
        public let percent: Double
        /// In the unit of the figure: stocking units, days.
        public let absolute: Double

        public init(percent: Double, absolute: Double) {
            self.percent = percent
            self.absolute = absolute
        }

        public func cover(_ drift: Drift) -> Bool {
            drift.difference <= absolute || drift.percent <= percent
        }
    }

    public let standard: Bounds
    /// Figures with bounds of their own.
    public let figures: [String: Bounds]

    public init(_ standard: Bounds, figures: [String: Bounds] = [:]) {
        self.standard = standard
        self.figures = figures
    }

    public func cover(_ drift: Drift) -> Bool {
        (figures[drift.figure] ?? standard).cover(drift)
    }

    /// Those that matter.
    public func beyond(_ drifts: [Drift]) -> [Drift] { drifts.filter { !cover($0) } }
}
