/// The name that somebody probably meant: the one of `candidates` with the fewest letters to change.
///
/// - Returns: nil when none is near enough to be worth suggesting (more than a third of its letters differ).
public func nearestName(to text: String, among candidates: some Sequence<String>) -> String? {
    let written = Array(text.lowercased().unicodeScalars.prefix(100))
    var best: (name: String, distance: Int)?
    for candidate in candidates.sorted() {
        let distance = editDistance(written, Array(candidate.lowercased().unicodeScalars))
        guard distance <= max(1, max(written.count, candidate.count) / 3) else { continue }
        if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
}

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var before: [Int] = []
    var last = Array(0...right.count)
    for i in 1...left.count {
        var row = [i]
        for j in 1...right.count {
            let change = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1)
            var cost = min(change, min(last[j], row[j - 1]) + 1)
            if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] { cost = min(cost, before[j - 2] + 1) }
            row.append(cost)
        }
        before = last
        last = row
    }
    return last[right.count]
}
