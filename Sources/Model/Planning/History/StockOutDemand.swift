import Foundation

/// The demand of periods in which there was not always stock.
///
/// A period that had stock for the share `a` and sold `y` had the demand `y + (1 - a) m` on average, `m` being what the series'
/// own level and season say of a whole period. Not `y / a`: where stock ended because demand was high, that would multiply the
/// chance that ended it. Source: the optional stopping theorem for a process with independent increments, as in Ross (1996),
/// "Stochastic Processes", 2nd ed., 6.2; the estimate of `m` is in `DemandBaseline`.
public struct StockOutDemand: Sendable, Hashable {
    /// Periods that were treated, oldest first; those of which the estimate adds nothing are not in it.
    public let treatments: [DemandTreatment]
    /// Time with stock, in periods.
    public let exposure: Double

    /// - Parameter shares: of each period with stock, shape `[periods]`; empty for all the time, and then nothing is treated.
    init(_ series: DemandSeries, available shares: [Double]) {
        let values = series.values
        exposure = shares.isEmpty ? Double(values.count) : shares.reduce(0, +)
        guard exposure > 0, exposure < Double(values.count), values.contains(where: { $0 > 0 }) else {
            treatments = []
            return
        }
        let baseline = DemandBaseline(sold: values, exposure: shares, season: series.season)
        let grain = series.grain
        var treatments: [DemandTreatment] = []
        // What is sold in whole pieces is missed in whole pieces; the parts are carried on, so that no sum is lost.
        var carried = 0.0
        for (period, share) in shares.enumerated() where share < 1 {
            // Sold without stock is a contradiction: then the larger of the two figures is believed.
            var missed = share > 0 ? (1 - share) * baseline.expected[period] : max(0, baseline.expected[period] - values[period])
            if grain > 0 {
                let exact = missed + carried
                missed = (exact / grain).rounded() * grain
                carried = exact - missed
            }
            guard missed > 0 else { continue }
            let value = values[period]
            treatments.append(
                DemandTreatment(.noStock, period: period, recorded: value, taken: min(value + missed, DemandSeries.largest)))
        }
        self.treatments = treatments
    }
}
