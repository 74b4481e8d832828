import Foundation

/// What the events of one history did, and whether that is to be believed.
///
/// Believed is what would have foretold the events themselves: each occurrence is held out in turn, foretold from the others, and
/// the form with the smallest error is taken, if it is clearly smaller than that of leaving events alone. An event that occurred
/// once foretells nothing.
public struct EventEffects: Sendable, Hashable {
    /// Whether and how events move demand: `multiplies`, `adds`, or nil for not at all.
    public let form: String?
    public let treatments: [DemandTreatment]
    /// What each event does at the value 1: a factor, or units.
    public let effects: [ForecastExplanation.Figure]
    /// Mean absolute errors when held out: without events, multiplying, adding.
    public let scores: [ForecastExplanation.Figure]
    public let adjustment: ForecastAdjustment
    public let notes: [String]

    /// Share of the error without events that must be won.
    static let neededGain = 0.1

    /// - Parameter horizon: periods ahead.
    public init(_ history: DemandSeries, _ events: DemandEvents, horizon: Int) {
        let design = EventDesign(history, events)
        var notes: [String] = []
        var (scores, best): ([ForecastExplanation.Figure], EventFit.Form?) = ([], nil)
        if design.names.isEmpty {
            if !events.events.isEmpty { notes.append("None of the events named occurred in this history.") }
        } else if design.occurrences.count < 2 {
            notes.append("\(design.names.joined(separator: ", ")) occurred once, which cannot be checked: left alone.")
        } else {
            let plain = design.heldOutError(nil)
            let errors = EventFit.Form.allCases.map { ($0, design.heldOutError($0)) }
            scores = [.init("no events, error when held out", plain)]
            scores += errors.map {
                .init("events that \($0.0.rawValue == "adds" ? "add" : "multiply"), error when held out", $0.1)
            }
            // The errors of what is larger are larger: adding must be clearly better to be believed before multiplying.
            let first = errors[1].1 < (1 - Self.neededGain) * errors[0].1 ? errors[1] : errors[0]
            if first.1 < (1 - Self.neededGain) * plain { best = first.0 }
            if best == nil { notes.append("Leaving events alone would have foretold them as well: left alone.") }
        }
        self.scores = scores
        guard let best, let fit = design.fit(best, without: []) else {
            (form, treatments, effects, adjustment) = (nil, [], [], ForecastAdjustment())
            self.notes = notes
            return
        }
        form = best.rawValue
        effects = design.figures(fit)
        treatments = design.treatments(fit)
        adjustment = design.adjustment(fit, horizon)
        let list = effects.map { "\($0.name) \(best == .adds ? "adds" : "multiplies by") \(short($0.value))" }
        self.notes = notes + ["Known events: \(list.joined(separator: ", "))."]
    }
}

/// A history beside its events, as regressions take them.
private struct EventDesign {
    let names: [String]
    /// Runs of neighbouring periods with events, at most ten: what is held out together.
    let occurrences: [[Int]]

    private let history: DemandSeries
    private let events: [DemandEvents.Event]
    /// Largest past value of each event.
    private let largest: [Double]
    private let usual: [Double]
    /// Shape `[periods][events]`, in shares of the largest.
    private let values: [[Double]]
    private let dispersion: Double

    init(_ history: DemandSeries, _ events: DemandEvents) {
        self.history = history
        let occurring = events.events.filter { $0.past.contains { $0 != 0 } }
        self.events = occurring
        names = occurring.map(\.name)
        let largest = occurring.map { $0.past.map(abs).max() ?? 1 }
        self.largest = largest
        let periods = history.values.indices
        values = periods.map { period in zip(occurring, largest).map { $0.past[period] / $1 } }
        let touched = events.periods
        // With events in most periods there is nothing else to read the usual from.
        let isSparse = 2 * touched.count <= history.count
        let exposure = periods.map { isSparse && touched.contains($0) ? 0.0 : 1.0 }
        let baseline = DemandBaseline(sold: history.values, exposure: exposure, season: history.season).expected
        let least = 1e-6 * (baseline.max() ?? 0)
        let usual = baseline.map { max($0, least, 1e-300) }
        self.usual = usual
        let apart = periods.filter { exposure[$0] > 0 }.map {
            (history.values[$0] - usual[$0]) * (history.values[$0] - usual[$0]) / usual[$0]
        }
        let mean = usual.reduce(0, +) / Double(usual.count)
        dispersion = max(apart.reduce(0, +) / Double(max(1, apart.count)), 1e-6 * mean)
        var runs: [[Int]] = []
        for period in touched.sorted() {
            if let last = runs.last?.last, last == period - 1, runs[runs.count - 1].count < max(2, history.count / 10) {
                runs[runs.count - 1].append(period)
            } else {
                runs.append([period])
            }
        }
        var folds = [[Int]](repeating: [], count: min(10, runs.count))
        for (place, run) in runs.enumerated() { folds[place % folds.count] += run }
        occurrences = folds
    }

    func fit(_ form: EventFit.Form, without held: Set<Int>) -> EventFit? {
        let periods = history.values.indices.filter { !held.contains($0) }
        return EventFit(
            form, demand: periods.map { history.values[$0] }, usual: periods.map { usual[$0] },
            values: periods.map { values[$0] }, dispersion: dispersion)
    }

    func heldOutError(_ form: EventFit.Form?) -> Double {
        var (sum, count) = (0.0, 0.0)
        for held in occurrences {
            let others = form.flatMap { fit($0, without: Set(held)) }
            for period in held {
                let expected = others?.expected(usual[period], values[period]) ?? usual[period]
                sum += abs(history.values[period] - expected)
                count += 1
            }
        }
        return sum / max(1, count)
    }

    func figures(_ fit: EventFit) -> [ForecastExplanation.Figure] {
        zip(names, largest).enumerated().map { place, event in
            let one = names.indices.map { $0 == place ? 1 / event.1 : 0 }
            return .init(event.0, fit.form == .adds ? fit.addition(one) : fit.factor(one))
        }
    }

    /// The history without its events; what is counted in whole pieces stays whole, the parts carried on.
    func treatments(_ fit: EventFit) -> [DemandTreatment] {
        let grain = history.grain
        var carried = 0.0
        return history.values.indices.compactMap { period in
            guard values[period].contains(where: { $0 != 0 }) else { return nil }
            let recorded = history.values[period]
            var taken = max(0, (recorded - fit.addition(values[period])) / fit.factor(values[period]))
            if grain > 0 {
                let exact = taken + carried
                taken = max(0, (exact / grain).rounded() * grain)
                carried = exact - taken
            }
            return taken == recorded ? nil : DemandTreatment(.event, period: period, recorded: recorded, taken: taken)
        }
    }

    func adjustment(_ fit: EventFit, _ horizon: Int) -> ForecastAdjustment {
        var adjustment = ForecastAdjustment()
        for ahead in 0..<horizon {
            // Nothing is foretold of more than was ever seen.
            let coming = zip(events, largest).map { min(max($0.value(ahead: ahead) / $1, -1), 1) }
            let (factor, variance) = (fit.factor(coming), fit.variance(coming))
            adjustment.factors.append(factor)
            adjustment.additions.append(fit.addition(coming))
            adjustment.variances.append(fit.form == .adds ? variance : 0)
            adjustment.factorVariances.append(fit.form == .adds ? 0 : factor * factor * variance)
        }
        return adjustment
    }
}
