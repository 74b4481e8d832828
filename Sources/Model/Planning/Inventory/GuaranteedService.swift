/// A location of a network in which each is fed by one other or by a supplier.
public struct Stage: Sendable, Hashable, Codable {
    /// Index of the location that feeds it, lower than its own; nil when a supplier does.
    public let feeder: Int?
    /// Whole periods from order to shelf, once the feeder ships.
    public let transit: Int
    /// Whole periods that the supplier takes to ship; read where there is no feeder.
    public let supplierTime: Int
    /// Cost of holding one unit for one period.
    public let holdingCost: Double
    /// Standard deviation of the demand of one period that customers bring here themselves, units.
    public let deviation: Double
    /// Whole periods that customers wait; nil where no customer is served, and any time may be quoted to those fed from here.
    public let promisedTime: Int?

    public init(
        feeder: Int?, transit: Int, supplierTime: Int = 0, holdingCost: Double, deviation: Double = 0, promisedTime: Int? = nil
    ) {
        self.feeder = feeder
        self.transit = transit
        self.supplierTime = supplierTime
        self.holdingCost = holdingCost
        self.deviation = deviation
        self.promisedTime = promisedTime
    }
}

/// Where safety stock is best kept in a network, so that it costs least for the same service to customers.
///
/// Each location quotes a service time to those it feeds and keeps stock for the time in between: `k sigma sqrt(SI + T - S)`,
/// where SI is the time it is quoted, T its transit and S the time it quotes. Short times need stock here, long ones below; all
/// combinations are weighed by dynamic programming over the tree. Demands of different locations are pooled as independent.
/// Source: Graves & Willems (2000), "Optimizing strategic safety stock placement in supply chains", MSOM 2(1).
public struct GuaranteedService: Sendable, Hashable, Codable {
    /// One location's part of the plan.
    public struct Placement: Sendable, Hashable, Codable {
        /// Periods that it is quoted, and that it quotes.
        public let inboundTime: Int
        public let serviceTime: Int
        /// Periods that its stock must bridge, `inbound + transit - service`.
        public let coveredTime: Int
        /// Standard deviation of one period's demand that passes through it, units.
        public let deviation: Double
        /// Units.
        public let safetyStock: Double
    }

    public let placements: [Placement]
    /// Holding all safety stocks for one period.
    public let cost: Double

    /// Longest time that is looked at, periods.
    public static let longestTime = 10_000

    /// - Parameters:
    ///   - stages: feeders before those they feed.
    ///   - factor: safety factor k of every location.
    ///   - quoting: service times to keep to, one for each location; nil to have the best worked out. `.immediate(stages)` plans
    ///     each location alone.
    /// - Throws: `PolicyError`.
    public init(_ stages: [Stage], factor: Double, quoting fixed: [Int]? = nil) throws(PolicyError) {
        try PolicyError.require("factor", factor)
        try Self.check(stages, fixed)
        let tree = StageTree(stages)
        let times = fixed ?? tree.bestTimes()
        placements = tree.placements(quoting: times, factor: factor)
        cost = zip(stages, placements).reduce(0) { $0 + $1.0.holdingCost * $1.1.safetyStock }
    }

    /// The service times of locations that are each planned alone: everybody ships at once, customers wait as promised.
    public static func immediate(_ stages: [Stage]) -> [Int] { stages.map { $0.promisedTime ?? 0 } }

    private static func check(_ stages: [Stage], _ fixed: [Int]?) throws(PolicyError) {
        for (index, stage) in stages.enumerated() {
            let name = "stages[\(index)]"
            if let feeder = stage.feeder, !(0..<index).contains(feeder) {
                throw PolicyError(field: "\(name).feeder", value: Double(feeder), expected: "0 or more and below \(index)")
            }
            for (field, time) in [("transit", stage.transit), ("supplierTime", stage.supplierTime)]
            where !(0...longestTime).contains(time) {
                throw PolicyError(field: "\(name).\(field)", value: Double(time), expected: "0 to \(longestTime) periods")
            }
            if let promised = stage.promisedTime, promised < 0 {
                throw PolicyError(field: "\(name).promisedTime", value: Double(promised), expected: "0 or more")
            }
            try PolicyError.require("\(name).holdingCost", stage.holdingCost)
            try PolicyError.require("\(name).deviation", stage.deviation)
        }
        if let fixed, fixed.count != stages.count {
            throw PolicyError(field: "quoting", value: Double(fixed.count), expected: "one for each of \(stages.count) locations")
        }
    }
}
