import Foundation

/// Which nominal level of a quantile turns out to be worth the one that was asked for: the pool's own distributions are a little
/// too narrow or too wide, the same for all, and a few levels to either side are tried.
struct LevelShifts {
    /// In log-odds.
    private static let shifts = stride(from: -1.2, through: 1.21, by: 0.3).map { $0 }

    private let levels: [Double]
    /// The levels that are tried, ascending, whichever they stand for; filled up to whole lanes.
    private let tried: CountTable
    /// The level that each of them is to be worth.
    private let worth: [Lanes]
    /// Shape `[levels][shifts]`: where it is among those tried.
    private let places: [[Int]]

    init(_ levels: [Double]) {
        self.levels = levels
        var grid: [(level: Double, row: Int, column: Int)] = []
        for (row, level) in levels.enumerated() {
            for (column, shift) in Self.shifts.enumerated() {
                grid.append((level: 1 / (1 + (1 / level - 1) * exp(-shift)), row: row, column: column))
            }
        }
        grid.sort { ($0.level, $0.row, $0.column) < ($1.level, $1.row, $1.column) }
        var places = levels.map { _ in [Int](repeating: 0, count: Self.shifts.count) }
        var worth = [Lanes](repeating: .zero, count: (grid.count + 7) / 8)
        for (place, entry) in grid.enumerated() {
            places[entry.row][entry.column] = place
            worth[place / 8][place % 8] = levels[entry.row]
        }
        var filled = grid.map { $0.level }
        while filled.count < 8 * worth.count { filled.append(filled[filled.count - 1]) }
        tried = CountTable(filled)
        self.worth = worth
        self.places = places
    }

    /// - Parameter expecting: of the demand of a period with the factor one, that of `length` periods with the factors given.
    /// - Returns: one nominal level for each one asked for, by the least pinball loss in the trials.
    func best(
        _ trials: PoolTrials, summed length: Int,
        _ expecting: (CountCalibration.Demand, ArraySlice<Double>) -> CountCalibration.Demand
    ) -> [Double] {
        var losses = [Lanes](repeating: .zero, count: worth.count)
        var quantiles = losses
        var table: [Double] = []
        var count = 0.0
        let alike = [Double](repeating: 1, count: length)[...]
        for judged in trials.judged where judged.came.count >= length {
            for start in judged.came.lowerBound...judged.came.upperBound - length {
                // Without a season all sums of one trial are alike.
                if start == judged.came.lowerBound || start < trials.factors.count {
                    let factors = start < trials.factors.count ? trials.factors[start..<start + length] : alike
                    let spread = expecting(judged.demand, factors)
                    tried.quantiles(mean: spread.mean, variance: spread.variance, grain: judged.grain, into: &table)
                    for place in table.indices { quantiles[place / 8][place % 8] = table[place] }
                }
                var came = 0.0
                for place in start..<start + length { came += trials.demands[place] }
                for block in losses.indices {
                    let apart = (Lanes(repeating: came) - quantiles[block]) * Lanes(repeating: judged.scale)
                    losses[block] += (worth[block] * apart).raised(to: (worth[block] - .one) * apart)
                }
                count += 1
            }
        }
        guard count > 0 else { return levels }
        // Few trials say little, and the best of many shifts is partly luck: half of the way is taken, and less while they are
        // few.
        return levels.indices.map { row in
            func loss(_ column: Int) -> Double { losses[places[row][column] / 8][places[row][column] % 8] }
            let best = Self.shifts.indices.min { loss($0) < loss($1) } ?? 0
            let shift = 0.5 * Self.shifts[best] * count / (count + 400)
            return 1 / (1 + (1 / levels[row] - 1) * exp(-shift))
        }
    }
}
