/// What may be asked for in one stretch of time, whoever says so: a family with two moments, or a forecast's own quantiles.
///
/// Inventory rules need no more than these figures. All quantities are in units, finite and `>= 0`.
public protocol IntervalDemand: Sendable {
    var mean: Double { get }
    var standardDeviation: Double { get }
    /// The step between possible values; 0 when any amount is possible.
    var grain: Double { get }

    /// The demand that is not exceeded with probability `level`.
    func quantile(_ level: Double) -> Double
    /// The probability that no more than `quantity` is asked for.
    func probability(atMost quantity: Double) -> Double
    /// The units asked for beyond `quantity` on average, `E[(D - quantity)+]`.
    func expectedExcess(over quantity: Double) -> Double
}

extension DemandDistribution: IntervalDemand {}

extension IntervalDemand {
    /// The units of `quantity` that nobody asks for on average, `E[(quantity - D)+]`.
    public func expectedLeftover(of quantity: Double) -> Double {
        max(0, quantity - mean + expectedExcess(over: quantity))
    }

    /// The smallest whole number of steps that is not below `quantity`.
    func raisedToStep(_ quantity: Double) -> Double {
        guard grain > 0 else { return quantity }
        // The quotient of two decimals may miss its whole number by a rounding error.
        let steps = quantity / grain
        return (steps - 1e-9 * max(1, steps)).rounded(.up) * grain
    }

    /// The smallest level, in whole steps, at which a figure that never rises with the level is within `allowed`.
    func smallestLevel(with figure: (Double) -> Double, atMost allowed: Double) -> Double {
        guard figure(0) > allowed else { return 0 }
        let step = grain > 0 ? grain : max(mean, standardDeviation) / 10_000
        guard step > 0 else { return 0 }
        var high = 1.0
        while figure(high * step) > allowed, high < 1e12 { high *= 2 }
        var low = (high / 2).rounded(.down)
        while high - low > 1 {
            let middle = ((low + high) / 2).rounded(.down)
            if figure(middle * step) > allowed { low = middle } else { high = middle }
        }
        return high * step
    }
}
