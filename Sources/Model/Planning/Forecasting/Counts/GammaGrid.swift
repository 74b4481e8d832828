import Foundation

/// Quantiles of gamma demand with mean 1, computed once for a grid of shapes and levels and read off in between.
///
/// Between grid points the logarithm of the quantile runs straight against the logarithm of the shape and the log-odds of the
/// level; what is read off lies within half a percent of the exact quantile where that is more than a hundredth of the mean.
struct GammaGrid {
    static let shared = GammaGrid()

    /// Coefficients of variation from 5 down to 1/3; a normal distribution serves beyond.
    private static let (leastShape, mostShape) = (1.0 / 25, 9.0)
    private static let shapes = 80
    private static let leastOdds = -7.0
    private static let mostOdds = 9.0
    private static let levels = 97
    /// Logarithm of the quantile, shape by shape.
    private let logarithms: [Double]

    private init() {
        var logarithms: [Double] = []
        logarithms.reserveCapacity(Self.shapes * Self.levels)
        for shape in 0..<Self.shapes {
            let part = Double(shape) / Double(Self.shapes - 1)
            let squaredVariation = exp(-log(Self.leastShape) - part * log(Self.mostShape / Self.leastShape))
            let gamma = GammaDistribution(mean: 1, variance: squaredVariation)
            for level in 0..<Self.levels {
                let odds = Self.leastOdds + (Self.mostOdds - Self.leastOdds) * Double(level) / Double(Self.levels - 1)
                logarithms.append(log(max(gamma.quantile(1 / (1 + exp(-odds)), accuracy: 1e-7), 1e-30)))
            }
        }
        self.logarithms = logarithms
    }

    /// Where a level lies on the grid.
    struct Place {
        let below: Int
        let part: Double
    }

    static func place(_ level: Double) -> Place {
        let odds = min(max(log(level / (1 - level)), leastOdds), mostOdds)
        let position = (odds - leastOdds) / (mostOdds - leastOdds) * Double(levels - 1)
        let below = min(Int(position), levels - 2)
        return Place(below: below, part: position - Double(below))
    }

    /// The quantiles of one shape.
    struct Column {
        fileprivate let grid: GammaGrid
        fileprivate let below: Int
        fileprivate let part: Double

        /// Of the quantile at a place on the grid.
        func logarithm(_ place: Place) -> Double {
            let (first, second) = (below + place.below, below + GammaGrid.levels + place.below)
            let table = grid.logarithms
            let low = table[first] + place.part * (table[first + 1] - table[first])
            let high = table[second] + place.part * (table[second + 1] - table[second])
            return low + part * (high - low)
        }
    }

    /// Nil where the shape is off the grid.
    func column(shape: Double) -> Column? {
        guard shape > Self.leastShape, shape < Self.mostShape else { return nil }
        let position = log(shape / Self.leastShape) / log(Self.mostShape / Self.leastShape) * Double(Self.shapes - 1)
        let below = min(Int(position), Self.shapes - 2)
        return Column(grid: self, below: below * Self.levels, part: position - Double(below))
    }
}
