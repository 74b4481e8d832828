import Foundation
import Planning
import Testing

/// Two families in three regions, family by family.
private func grid() throws -> Hierarchy {
    try Hierarchy(
        leaves: ["a1", "a2", "a3", "b1", "b2", "b3"],
        levels: [
            .total(6), .init("family", ["a", "a", "a", "b", "b", "b"]), .init("region", ["1", "2", "3", "1", "2", "3"]),
        ])
}

@Suite struct `A hierarchy` {
    @Test func `sums its leaves in every way, and each aggregate by as few parts as there are`() throws {
        let grid = try grid()
        #expect(grid.aggregates == 6 && grid.leaves == 6 && grid.root == 0)
        #expect(grid.summed([1, 2, 3, 4, 5, 6]) == [21, 6, 15, 5, 7, 9, 1, 2, 3, 4, 5, 6])
        #expect(grid.nodes[0].parts == [1, 2], "the families, of which there are fewer than regions")
        #expect(grid.nodes[3].parts == [6, 9])
        #expect(grid.summed([[1, 2], [1, 2], [0, 0], [0, 0], [0, 0], [5, 5]])[0] == [7, 9])
    }

    @Test func `with a level that does not fit is refused`() {
        #expect(throws: ForecastError.self) { try Hierarchy(leaves: ["a", "b"], levels: [.init("x", ["1"])]) }
        #expect(throws: ForecastError.emptyHistory) { try Hierarchy(leaves: [], levels: []) }
    }
}

@Suite struct `Reconciliation by minimum trace` {
    static let base: [Double] = [130, 70, 52, 45, 38, 40, 22, 25, 20, 14, 16, 21]
    static let variances: [Double] = [40, 22, 20, 12, 11, 13, 6, 5, 7, 4, 5, 3]
    /// Twelve nodes, eight periods, with one cause in common.
    static let errors: [[Double]] = {
        let cause: [Double] = [5, -3, 4, -6, 2, -1, 3, -4]
        return (0..<12).map { node -> [Double] in
            (0..<8).map { period -> Double in
                let own = (node * 7 + period * 5) % 11 - 5
                return 2 * cause[period] * Double(1 + node % 3) + Double(own)
            }
        }
    }()

    // Reference: the projection S (S' W^-1 S)^-1 S' W^-1 y of the source with dense matrices and numpy 2, to nine decimals.
    @Test func `agrees with the dense projection for a diagonal covariance`() throws {
        let reconciled = MinimumTrace(try grid(), ForecastErrors(variances: Self.variances)).reconciled(Self.base)
        #expect(
            isClose(
                reconciled,
                [
                    122.849894245, 70.189474209, 52.660420036, 40.965691444, 40.398711914, 41.485490887, 25.037995357,
                    24.760377302, 20.39110155, 15.927696087, 15.638334613, 21.094389337,
                ], within: 1e-8))
    }

    @Test func `agrees with the dense projection for a shrunk covariance, and with its shrinkage`() throws {
        let errors = ForecastErrors(Self.errors)
        #expect(isClose(errors.shrinkage, 0.11032040078441535, within: 1e-10))
        let reconciled = MinimumTrace(try grid(), errors).reconciled(Self.base)
        #expect(
            isClose(
                reconciled,
                [
                    130.676281623, 73.827484575, 56.848797048, 44.390074833, 42.124207125, 44.161999665, 25.865095607,
                    25.659584637, 22.302804331, 18.524979225, 16.464622489, 21.859195335,
                ], within: 1e-7))
    }

    @Test func `is coherent, and leaves alone what agrees already: so it stays unbiased`() throws {
        var numbers = SeededNumbers(seed: 17)
        let leaves = (0..<60).map { "leaf \($0)" }
        let hierarchy = try Hierarchy(
            leaves: leaves,
            levels: [
                .total(60), .init("family", (0..<60).map { "\($0 % 7)" }), .init("region", (0..<60).map { "\($0 / 20)" }),
                .init("location", (0..<60).map { "\($0 / 5)" }),
            ])
        let errors = hierarchy.nodes.map { _ in (0..<20).map { _ in 3 * numbers.normal() } }
        for minimum in [
            MinimumTrace(hierarchy, ForecastErrors(errors)),
            MinimumTrace(hierarchy, ForecastErrors(variances: hierarchy.nodes.map { Double($0.leaves.count) })),
        ] {
            let agreed = hierarchy.summed((0..<60).map { _ in 10 * numbers.unit() })
            #expect(isClose(minimum.reconciled(agreed), agreed, within: 1e-8))
            let reconciled = minimum.reconciled(agreed.map { $0 + 5 * numbers.normal() })
            #expect(isClose(reconciled, hierarchy.summed(Array(reconciled[hierarchy.aggregates...])), within: 1e-9))
            #expect(isClose(minimum.reconciled(reconciled), reconciled, within: 1e-8), "twice is once")
            let demand = minimum.reconciledDemand(agreed.map { $0 + 8 * numbers.normal() })
            #expect(demand.allSatisfy { $0 >= 0 })
            #expect(isClose(demand, hierarchy.summed(Array(demand[hierarchy.aggregates...])), within: 1e-9))
        }
    }

    @Test func `errs less than its inputs and less than the leaves added up, on every level`() throws {
        var numbers = SeededNumbers(seed: 23)
        let hierarchy = try grid()
        let minimum = MinimumTrace(hierarchy, ForecastErrors(variances: Self.variances))
        var sums = [[Double]](repeating: [Double](repeating: 0, count: 12), count: 3)
        var bias = [Double](repeating: 0, count: 12)
        let truth = hierarchy.summed([20, 25, 20, 15, 16, 21])
        for _ in 0..<4000 {
            let base = zip(truth, Self.variances).map { $0 + $1.squareRoot() * numbers.normal() }
            let ways = [base, hierarchy.summed(Array(base[6...])), minimum.reconciled(base)]
            for (way, figures) in ways.enumerated() {
                for node in 0..<12 { sums[way][node] += (figures[node] - truth[node]) * (figures[node] - truth[node]) / 4000 }
            }
            for node in 0..<12 { bias[node] += (ways[2][node] - truth[node]) / 4000 }
        }
        for node in 0..<12 {
            #expect(sums[2][node] < sums[0][node] && sums[2][node] < 1.01 * sums[1][node])
            #expect(abs(bias[node]) < 0.2)
        }
    }

    @Test func `takes a tree of ten thousand leaves at once`() throws {
        let count = 10_000
        let hierarchy = try Hierarchy(
            leaves: (0..<count).map { "\($0)" },
            levels: [
                .total(count), .init("region", (0..<count).map { "\($0 / 1000)" }),
                .init("location", (0..<count).map { "\($0 / 20)" }),
            ])
        let base = hierarchy.nodes.indices.map { Double(hierarchy.nodes[$0].leaves.count * 10 + $0 % 3) }
        let minimum = MinimumTrace(hierarchy, ForecastErrors(variances: hierarchy.nodes.map { Double($0.leaves.count) }))
        let reconciled = minimum.reconciled(base)
        let leaves = Array(reconciled[hierarchy.aggregates...])
        #expect(isClose(reconciled[0], leaves.reduce(0, +), within: 1e-6))
        #expect(leaves.allSatisfy { $0 > 9 && $0 < 13 })
    }

    @Test func `the rest goes with what is certain`() throws {
        // A leaf without doubt keeps its figure; a total without doubt keeps its own.
        let pair = try Hierarchy(leaves: ["x", "y"], levels: [.total(2)])
        let leaf = MinimumTrace(pair, ForecastErrors(variances: [1, 0, 1])).reconciled([100, 30, 50])
        #expect(isClose(leaf, [90, 30, 60], within: 1e-6))
        let total = MinimumTrace(pair, ForecastErrors(variances: [0, 1, 3])).reconciled([100, 30, 50])
        #expect(isClose(total, [100, 35, 65], within: 1e-6))
    }
}

@Suite struct `Sharing a total` {
    @Test func `follows history, or the forecasts level by level`() throws {
        #expect(isClose(TopDown.byHistory(100, [[1, 3], [6, 0], [0, 0]]), [40, 60, 0]))
        #expect(TopDown.byHistory(9, [[0], [0], [0]]) == [3, 3, 3])
        let grid = try grid()
        let leaves = TopDown.byForecast(0, [120, 40, 20, 0, 0, 0, 10, 20, 10, 5, 5, 10], in: grid)
        #expect(isClose(leaves, [20, 40, 20, 10, 10, 20]))
        #expect(isClose(TopDown.byForecast(2, [120, 40, 20, 0, 0, 0, 10, 20, 10, 5, 5, 10], in: grid), [0, 0, 0, 5, 5, 10]))
    }
}
