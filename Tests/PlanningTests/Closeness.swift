import Testing

/// Whether two figures agree within an absolute tolerance.
func isClose(_ value: Double, _ expected: Double, within tolerance: Double = 1e-9) -> Bool {
    abs(value - expected) <= tolerance
}

/// Whether two series agree in length and, figure by figure, within an absolute tolerance.
func isClose(_ values: [Double], _ expected: [Double], within tolerance: Double = 1e-9) -> Bool {
    values.count == expected.count && zip(values, expected).allSatisfy { isClose($0, $1, within: tolerance) }
}
