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

    /// - Parameter expecting: what a series that stood so was expected to be asked for in a period.
    init(_ studies: [CountStudy], _ expecting: (CountState, CountStudy) -> CountCalibration.Demand) {
        for study in studies {
            let start = demands.count
            demands += study.latest
            let scale = study.step > 0 ? 1 / study.step : 0
            for trial in study.usefulTrials {
                judged.append(
                    Judged(
                        demand: expecting(trial.state, study), grain: study.grain, scale: scale,
                        came: start + trial.came.lowerBound..<start + trial.came.upperBound))
            }
        }
    }
}

extension CountStudy {
    /// Trials before which something had been asked for.
    var usefulTrials: [Trial] { trials.filter { $0.state.reference > 0 } }
}
