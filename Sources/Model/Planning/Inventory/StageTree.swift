/// The tree behind `GuaranteedService`, with what can be known before any service time is chosen.
struct StageTree {
    private let stages: [Stage]
    private let fed: [[Int]]
    /// Of the demand that passes through, units per period.
    private let deviations: [Double]
    /// Longest time that a location can be quoted, and that it can quote without any stock of its own.
    private let longestInbound: [Int]
    private let longestService: [Int]

    init(_ stages: [Stage]) {
        var fed = [[Int]](repeating: [], count: stages.count)
        var variances = stages.map { $0.deviation * $0.deviation }
        for index in stages.indices.reversed() {
            guard let feeder = stages[index].feeder else { continue }
            fed[feeder].append(index)
            variances[feeder] += variances[index]
        }
        var inbound = [Int](repeating: 0, count: stages.count)
        var service = inbound
        for (index, stage) in stages.enumerated() {
            inbound[index] = stage.feeder.map { service[$0] } ?? stage.supplierTime
            service[index] = min(inbound[index] + stage.transit, stage.promisedTime ?? .max)
        }
        self.stages = stages
        self.fed = fed
        deviations = variances.map { $0.squareRoot() }
        (longestInbound, longestService) = (inbound, service)
    }

    private func covered(_ index: Int, _ inbound: Int, _ service: Int) -> Int {
        max(0, inbound + stages[index].transit - service)
    }

    /// Per unit of the safety factor, which is the same everywhere and so decides nothing.
    private func cost(_ index: Int, _ inbound: Int, _ service: Int) -> Double {
        stages[index].holdingCost * deviations[index] * Double(covered(index, inbound, service)).squareRoot()
    }

    /// The cheapest service time of each location. Among equal costs the longest is taken: less stock to look after.
    func bestTimes() -> [Int] {
        // What a location and all below it cost at each time that it is quoted, and the time that it then quotes best.
        var least = [[Double]](repeating: [], count: stages.count)
        var choice = [[Int]](repeating: [], count: stages.count)
        for index in stages.indices.reversed() {
            let below = (0...longestService[index]).map { time in fed[index].reduce(0) { $0 + least[$1][time] } }
            for inbound in 0...longestInbound[index] {
                let times = 0...min(longestService[index], inbound + stages[index].transit)
                var best = (cost: Double.infinity, time: 0)
                for time in times {
                    let cost = self.cost(index, inbound, time) + below[time]
                    if cost <= best.cost + 1e-12 * max(1, cost) { best = (cost, time) }
                }
                least[index].append(best.cost)
                choice[index].append(best.time)
            }
        }
        var times = [Int](repeating: 0, count: stages.count)
        for (index, stage) in stages.enumerated() {
            times[index] = choice[index][stage.feeder.map { times[$0] } ?? stage.supplierTime]
        }
        return times
    }

    /// - Parameter times: clamped to what each location can quote.
    func placements(quoting times: [Int], factor: Double) -> [GuaranteedService.Placement] {
        var quoted = times
        return stages.enumerated().map { index, stage in
            let inbound = stage.feeder.map { quoted[$0] } ?? stage.supplierTime
            let service = min(max(0, times[index]), inbound + stage.transit)
            quoted[index] = service
            let covered = covered(index, inbound, service)
            return GuaranteedService.Placement(
                inboundTime: inbound, serviceTime: service, coveredTime: covered, deviation: deviations[index],
                safetyStock: factor * deviations[index] * Double(covered).squareRoot())
        }
    }
}
