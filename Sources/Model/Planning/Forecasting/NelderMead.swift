/// Minimises a function over the unit cube without derivatives, deterministically.
///
/// Source: Nelder & Mead (1965), Computer Journal 7(4), with the reflected point held inside the cube.
struct NelderMead {
    /// Evaluations after which the best point so far is taken.
    let budget: Int
    /// Relative difference between best and worst value at which the search ends.
    let tolerance: Double

    /// - Parameter start: coordinates in 0 ... 1.
    func minimise(from start: [Double], reach: Double = 0.25, _ value: ([Double]) -> Double) -> (point: [Double], value: Double) {
        var simplex = corners(start, reach).map { (point: $0, value: value($0)) }
        var spent = simplex.count
        let last = simplex.count - 1
        while spent < budget {
            simplex.sort { $0.value < $1.value }
            let (best, worst) = (simplex[0].value, simplex[last].value)
            if worst - best <= tolerance * abs(best) { break }
            let centre = start.indices.map { axis in simplex[..<last].reduce(0) { $0 + $1.point[axis] } / Double(last) }
            func towards(_ factor: Double) -> (point: [Double], value: Double) {
                let point = start.indices.map { axis in
                    min(1, max(0, centre[axis] + factor * (centre[axis] - simplex[last].point[axis])))
                }
                spent += 1
                return (point, value(point))
            }
            let reflected = towards(1)
            if reflected.value < best {
                let expanded = towards(2)
                simplex[last] = expanded.value < reflected.value ? expanded : reflected
            } else if reflected.value < simplex[last - 1].value {
                simplex[last] = reflected
            } else {
                let contracted = towards(reflected.value < worst ? 0.5 : -0.5)
                if contracted.value < min(worst, reflected.value) {
                    simplex[last] = contracted
                } else {
                    let anchor = simplex[0].point
                    for index in 1...last {
                        simplex[index].point = zip(anchor, simplex[index].point).map { 0.5 * ($0 + $1) }
                        simplex[index].value = value(simplex[index].point)
                    }
                    spent += last
                }
            }
        }
        return simplex.min { $0.value < $1.value } ?? (start, value(start))
    }

    private func corners(_ start: [Double], _ reach: Double) -> [[Double]] {
        [start]
            + start.indices.map { axis in
                var corner = start
                corner[axis] += corner[axis] + reach <= 1 ? reach : -reach
                return corner
            }
    }
}
