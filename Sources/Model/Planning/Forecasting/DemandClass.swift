/// How regular a demand is, by the gaps between demands and the spread of their sizes.
///
/// Source: Syntetos, Boylan, Croston (2005), "On the categorization of demand patterns", J. Oper. Res. Soc. 56(5): the borders
/// are ADI 1.32 and CV^2 0.49.
public enum DemandClass: String, Sendable, Hashable, Codable, CaseIterable {
    /// Asked for nearly every period, in steady amounts.
    case smooth
    /// Asked for now and then, in steady amounts.
    case intermittent
    /// Asked for nearly every period, in amounts that vary much.
    case erratic
    /// Asked for now and then, in amounts that vary much.
    case lumpy

    public var isIntermittent: Bool { self == .intermittent || self == .lumpy }
}

/// The two figures that a demand class is read from.
public struct DemandPattern: Sendable, Hashable, Codable {
    public static let intervalBorder = 1.32
    public static let variationBorder = 0.49

    /// Average demand interval (ADI): periods per period with demand, `>= 1`.
    public let averageInterval: Double
    /// Squared coefficient of variation (CV^2) of the demands that are not zero.
    public let squaredVariation: Double

    /// Nil when nothing was ever asked for.
    public init?(_ history: DemandSeries) {
        let sizes = history.values.filter { $0 > 0 }
        guard let largest = sizes.max() else { return nil }
        let count = Double(sizes.count)
        let mean = sizes.reduce(0) { $0 + $1 / largest } / count
        let spread = sizes.reduce(0) { $0 + ($1 / largest - mean) * ($1 / largest - mean) }
        averageInterval = Double(history.count) / count
        squaredVariation = sizes.count > 1 ? spread / (count - 1) / (mean * mean) : 0
    }

    public var demandClass: DemandClass {
        switch (averageInterval < Self.intervalBorder, squaredVariation < Self.variationBorder) {
        case (true, true): .smooth
        case (true, false): .erratic
        case (false, true): .intermittent
        case (false, false): .lumpy
        }
    }
}
