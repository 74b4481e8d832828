/// The word that somebody who wrote `word` most likely meant: at most two letters off, and less than half of it.
func nearest(to word: String, among words: [String]) -> String? {
    let candidates = words.map { (word: $0, distance: editDistance(word.lowercased(), $0.lowercased())) }
    guard let best = candidates.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= 2 && best.distance * 2 < max(best.word.count, 2) ? best.word : nil
}

/// How many letters have to be added, dropped or replaced to make one word of the other (Levenshtein).
private func editDistance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var distances = Array(0...right.count)
    for (row, letter) in left.enumerated() {
        var diagonal = distances[0]
        distances[0] = row + 1
        for column in right.indices {
            let replaced = diagonal + (letter == right[column] ? 0 : 1)
            diagonal = distances[column + 1]
            distances[column + 1] = min(replaced, diagonal + 1, distances[column] + 1)
        }
    }
    return distances[right.count]
}
