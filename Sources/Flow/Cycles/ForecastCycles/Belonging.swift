import CanonicalModel
import Vocabulary

extension Forecast {
    /// This forecast as one for a certain cycle.
    package func delivered(for cycle: ID<ForecastCycle>) -> Forecast {
        Forecast(
            item: item, location: location, source: source, cycle: cycle, version: version, method: method, start: start,
            periodDays: periodDays, mean: mean, levels: levels, quantiles: quantiles, deviation: deviation,
            isProvisional: isProvisional)
    }
}

extension Recommendation {
    /// This recommendation as one for a certain cycle.
    package func belonging(to cycle: ID<ForecastCycle>?) -> Recommendation {
        Recommendation(
            id: id, source: source, cycle: cycle, item: item, location: location, proposal: proposal, confidence: confidence,
            assumptions: assumptions, isProvisional: isProvisional, madeAt: madeAt, proposedBy: proposedBy, reason: reason)
    }
}
