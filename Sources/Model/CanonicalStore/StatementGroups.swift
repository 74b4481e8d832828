extension Array {
    /// These elements in groups, each filled up to one of a few sizes.
    ///
    /// For lists in statements: the databases keep a compiled statement per text, so there should be few texts.
    ///
    /// - Parameter filler: what finds nothing; the last element again where it is not given, which changes nothing in `IN (…)`.
    package func inStatementGroups(filledWith filler: Element? = nil) -> [[Element]] {
        stride(from: 0, to: count, by: 512).map { start in
            let group = Array(self[start..<Swift.min(start + 512, count)])
            guard let last = group.last, let size = [1, 8, 64, 512].first(where: { $0 >= group.count }) else { return group }
            return group + Array(repeating: filler ?? last, count: size - group.count)
        }
    }

    /// These elements in runs of at most `size`.
    package func inRuns(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
