/// What each period of the season is asked for beside the others, as a pool of intermittent series has it in common: days on
/// which nobody orders, months in which more is sold.
///
/// One such history says little of its season, and hundreds say much. The demand of each period over the pool, every series in
/// shares of its own level and the less the wider it spreads, is one series, whose season is told as that of any other
/// (`SeasonalFigure`): followed from year to year, and drawn towards none by as much of it as may be chance.
/// Source: Dekker, van Donselaar, Ouwehand (2004), "How to use aggregation and combined forecasting to improve seasonal demand
/// forecasts", Int. J. Production Economics 90(2).
public struct PooledSeason: Sendable {
    /// One a period of the season, their mean one; the first belongs to the period that follows the pool's last.
    let factors: [Double]

    /// Nil when there is no season, the histories hold less than two, or nothing intermittent is among them.
    ///
    /// - Parameters:
    ///   - histories: those with the season of the first one count.
    ///   - ended: how many periods before the pool's last one each history ends; empty when all end together.
    init?(_ histories: [DemandSeries], ended: [Int] = []) {
        guard let season = histories.first?.season, season > 1 else { return nil }
        var came: [Double] = []
        var usual: [Double] = []
        for (place, history) in histories.enumerated() where history.season == season {
            let values = history.sinceFirstDemand(keeping: 2 * season).values
            let mean = values.reduce(0, +) / Double(values.count)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
            guard variance > 0, DemandPattern(history)?.demandClass.isIntermittent == true else { continue }
            let weight = mean / variance
            let end = ended.isEmpty ? 0 : ended[place]
            if came.count < values.count + end {
                let missing = [Double](repeating: 0, count: values.count + end - came.count)
                came += missing
                usual += missing
            }
            // The latest period first.
            for (back, value) in values.reversed().enumerated() {
                came[back + end] += weight * value
                usual[back + end] += weight * mean
            }
        }
        let shares = zip(came, usual).reversed().map { $1 > 0 ? $0 / $1 : 1 }
        guard let figure = SeasonalFigure(shares[...], season: season, multiplies: true)?.factors,
            figure.contains(where: { abs($0 - 1) > 1e-3 })
        else { return nil }
        let turn = shares.count % season
        let mean = figure.reduce(0, +) / Double(season)
        factors = (figure[turn...] + figure[..<turn]).map { $0 / mean }
    }

    private init(factors: [Double]) { self.factors = factors }

    /// - Parameter ahead: periods after the next one; negative for those that are known.
    func factor(_ ahead: Int) -> Double {
        let place = ahead % factors.count
        return factors[place < 0 ? place + factors.count : place]
    }

    /// As seen by a history that ended some periods before the pool did.
    public func seen(from ended: Int) -> PooledSeason {
        PooledSeason(factors: factors.indices.map { factor($0 - ended) })
    }
}
