/// A symmetric positive definite system of a few equations, solved by Cholesky's method.
///
/// Source: Golub & Van Loan (2013), "Matrix Computations", 4th ed., 4.2.
struct SmallSystem {
    /// The lower triangle, row by row.
    private let factor: [[Double]]

    /// Nil when the matrix is not positive definite.
    init?(_ matrix: [[Double]]) {
        var factor: [[Double]] = []
        for row in matrix.indices {
            var line: [Double] = []
            for column in 0...row {
                let other = column == row ? line : factor[column]
                let rest = matrix[row][column] - zip(line, other).reduce(0) { $0 + $1.0 * $1.1 }
                if column == row {
                    guard rest > 1e-12 * matrix[row][row], rest.isFinite else { return nil }
                    line.append(rest.squareRoot())
                } else {
                    line.append(rest / other[column])
                }
            }
            factor.append(line)
        }
        self.factor = factor
    }

    func solved(_ right: [Double]) -> [Double] {
        var solution = right
        for row in factor.indices {
            for column in 0..<row { solution[row] -= factor[row][column] * solution[column] }
            solution[row] /= factor[row][row]
        }
        for row in factor.indices.reversed() {
            for below in factor.indices where below > row { solution[row] -= factor[below][row] * solution[below] }
            solution[row] /= factor[row][row]
        }
        return solution
    }

    /// `x' A^-1 x`.
    func quadratic(_ vector: [Double]) -> Double { zip(vector, solved(vector)).reduce(0) { $0 + $1.0 * $1.1 } }
}
