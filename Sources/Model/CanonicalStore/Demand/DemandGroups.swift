import CanonicalModel
import Vocabulary

/// The rows of each position in the order of their days, of equal days the last.
///
/// Rows are dealt out to their positions in one go, which keeps their order; most sources have the days in order
/// already, and looking is much cheaper than sorting.
struct DemandGroups {
    /// Indices of rows, position by position.
    private var indices: [Int32]
    private var ranges: [Range<Int>] = []
    /// The first and last day of each position that has rows.
    private(set) var days: [Position: ClosedRange<Int32>] = [:]

    init(_ rows: DemandRows) {
        var counts = [Int](repeating: 0, count: rows.positions.count)
        for row in rows.rows { counts[Int(row.position)] += 1 }
        var next: [Int] = []
        var total = 0
        for count in counts {
            next.append(total)
            total += count
        }
        indices = [Int32](repeating: 0, count: total)
        for (index, row) in rows.rows.enumerated() {
            let position = Int(row.position)
            indices[next[position]] = Int32(truncatingIfNeeded: index)
            next[position] += 1
        }
        for (number, count) in counts.enumerated() { arrange(next[number] - count..<next[number], number, rows) }
    }

    /// The indices of a position's rows.
    subscript(number: Int) -> ArraySlice<Int32> { indices[ranges[number]] }

    private mutating func arrange(_ range: Range<Int>, _ number: Int, _ rows: DemandRows) {
        func day(_ place: Int) -> Int32 { rows.rows[Int(indices[place])].date.dayNumber }
        guard let first = range.first else {
            ranges.append(range)
            return
        }
        var isInOrder = true
        for place in range.dropFirst() where day(place - 1) >= day(place) { isInOrder = false }
        var end = range.upperBound
        if !isInOrder {
            let sorted = indices[range].map { (rows.rows[Int($0)].date.dayNumber, $0) }.sorted(by: <)
            end = first
            for (offset, (day, index)) in sorted.enumerated() {
                let isRepeated = offset + 1 < sorted.count && sorted[offset + 1].0 == day
                if isRepeated { continue }
                indices[end] = index
                end += 1
            }
        }
        ranges.append(first..<end)
        days[rows.positions[number]] = day(first)...day(end - 1)
    }
}
