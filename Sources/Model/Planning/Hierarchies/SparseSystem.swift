/// A sparse symmetric positive definite system, factored as `L D L'` in the order in which its rows are given.
///
/// Rows of a tree, children before parents, fill nothing in: the work is then in proportion to the number of rows.
/// Source: Davis (2006), "Direct Methods for Sparse Linear Systems", chapter 4.
struct SparseSystem: Sendable {
    /// Below the diagonal, by column: row and value.
    private let columns: [[(row: Int, value: Double)]]
    private let diagonal: [Double]

    /// - Parameter rows: of the lower triangle with the diagonal, by column number.
    init(_ rows: [[Int: Double]]) {
        let count = rows.count
        // By column, what lies below: where the elimination happens.
        var below = [[Int: Double]](repeating: [:], count: count)
        var diagonal = [Double](repeating: 0, count: count)
        for (row, entries) in rows.enumerated() {
            for (column, value) in entries {
                if column == row { diagonal[row] = value } else { below[column][row] = value }
            }
        }
        let largest = diagonal.max() ?? 0
        var columns: [[(row: Int, value: Double)]] = []
        for pivot in 0..<count {
            // What is known without doubt is held that little bit in doubt which keeps the system solvable.
            diagonal[pivot] = max(diagonal[pivot], 1e-13 * largest, 1e-300)
            let entries = below[pivot].sorted { $0.key < $1.key }
            columns.append(entries.map { (row: $0.key, value: $0.value / diagonal[pivot]) })
            for (place, entry) in entries.enumerated() {
                let factor = entry.value / diagonal[pivot]
                diagonal[entry.key] -= factor * entry.value
                for other in entries[(place + 1)...] { below[entry.key][other.key, default: 0] -= factor * other.value }
            }
            below[pivot] = [:]
        }
        self.columns = columns
        self.diagonal = diagonal
    }

    func solved(_ right: [Double]) -> [Double] {
        var solution = right
        for (column, entries) in columns.enumerated() {
            for entry in entries { solution[entry.row] -= entry.value * solution[column] }
        }
        for column in columns.indices.reversed() {
            solution[column] /= diagonal[column]
            for entry in columns[column] { solution[column] -= entry.value * solution[entry.row] }
        }
        return solution
    }
}
