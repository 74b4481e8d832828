/// The trials of all series of a pool, one after the other.
struct PoolTrials {
    /// A trial with what was expected then.
    struct Judged {
        let demand: CountCalibration.Demand
        let grain: Double
        /// What errors of different series are measured in, per unit.
        let scale: Double
        /// Where in `demands` is what then came.
        let came: Range<Int>
    }

    private(set) var judged: [Judged] = []
    private(set) var demands: [Double] = []
    /// What the season makes of the level in each of them; empty without a season.
    private(set) var factors: [Double] = []

    /// - Parameter expecting: what a series that stood so was expected to be asked for in a period.
    init(_ studies: [CountStudy], _ expecting: (CountState, CountStudy) -> CountCalibration.Demand) {
        for study in studies {
            let start = demands.count
            demands += study.latest
            if let season = study.season {
                factors += [Double](repeating: 1, count: start - factors.count)
                factors += study.latest.indices.map { season.factor($0 - study.latest.count) }
            }
            let scale = study.step > 0 ? 1 / study.step : 0
            for trial in study.usefulTrials {
                judged.append(
                    Judged(
                        demand: expecting(trial.state, study), grain: study.grain, scale: scale,
                        came: start + trial.came.lowerBound..<start + trial.came.upperBound))
            }
        }
    }

    func factor(_ place: Int) -> Double { place < factors.count ? factors[place] : 1 }
}

extension CountStudy {
    /// Trials before which something had been asked for.
    var usefulTrials: [Trial] { trials.filter { $0.state.reference > 0 } }
}
