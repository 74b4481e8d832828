/// Why a forecast is what it is, in terms a planner can check.
public struct ForecastExplanation: Sendable, Hashable, Codable {
    /// A named number: a smoothing parameter, a candidate's score.
    public struct Figure: Sendable, Hashable, Codable {
        public let name: String
        public let value: Double

        public init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// One sentence: why this method answered.
    public var reason: String
    public var demandClass: DemandClass?
    /// What the method settled on, in a fixed order.
    public var parameters: [Figure]
    /// The methods or forms that were compared, each with its score (lower is better).
    public var candidates: [Figure]
    /// What was done to the history before fitting.
    public var notes: [String]
    /// Figures of the history that were not taken as recorded, period by period.
    public var treatments: [DemandTreatment]

    public init(
        reason: String, demandClass: DemandClass? = nil, parameters: [Figure] = [], candidates: [Figure] = [],
        notes: [String] = [], treatments: [DemandTreatment] = []
    ) {
        self.reason = reason
        self.demandClass = demandClass
        self.parameters = parameters
        self.candidates = candidates
        self.notes = notes
        self.treatments = treatments
    }
}
