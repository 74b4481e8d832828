import CanonicalModel
import Vocabulary

/// How one region or group of locations is forecast: by whom, how far ahead, and by when.
package struct CyclePlan: Codable, Hashable, Sendable {
    /// `emea`, `stores-south`; names the cycles of the plan.
    package var name: String
    /// The regions whose locations take part; empty for none by region.
    package var regions: [String]
    /// Further locations that take part; with neither regions nor locations, all do.
    package var locations: [ID<Location>]
    /// Who forecasts; `plimsoll` is the built-in engine.
    package var source: ID<ExternalSystem>
    /// The length of a period in days.
    package var periodDays: Int
    package var horizon: Int
    /// How many periods of demand are looked back on.
    package var history: Int
    /// Periods after which the demand's pattern repeats; 1 for none.
    package var season: Int
    /// How long the source may take before it is late.
    package var deadline: Duration
    /// For positions that have no policy yet.
    package var serviceTarget: Double
    package var serviceTargetType: ServiceTargetType
    /// Policies are left alone while no figure would change by more, in percent.
    package var leastChangePercent: Double
    /// Whether what several locations lack of an item is planned over the network; nil, as in plans of old, is `fair`.
    package var allocation: AllocationRule?

    package init(
        name: String, regions: [String] = [], locations: [ID<Location>] = [], source: ID<ExternalSystem> = .builtInEngine,
        periodDays: Int = 7, horizon: Int = 16, history: Int = 156, season: Int = 52, deadline: Duration = .hours(4),
        serviceTarget: Double = 0.95, serviceTargetType: ServiceTargetType = .cycleService, leastChangePercent: Double = 5,
        allocation: AllocationRule? = nil
    ) {
        self.name = name
        self.regions = regions
        self.locations = locations
        self.source = source
        self.periodDays = periodDays
        self.horizon = horizon
        self.history = history
        self.season = season
        self.deadline = deadline
        self.serviceTarget = serviceTarget
        self.serviceTargetType = serviceTargetType
        self.leastChangePercent = leastChangePercent
        self.allocation = allocation
    }

    /// What is wrong with the plan; empty when it can run.
    package func violations() -> [Violation] {
        var found: [Violation] = []
        func require(_ holds: Bool, _ field: String, _ value: String, _ expected: String) {
            if !holds { found.append(Violation(field, found: value, expected: expected)) }
        }
        require(!name.isEmpty, "name", name, "a name that is not empty")
        require((1...366).contains(periodDays), "periodDays", "\(periodDays)", "1 to 366 days")
        require((1...400).contains(horizon), "horizon", "\(horizon)", "1 to 400 periods")
        require((1...5000).contains(history), "history", "\(history)", "1 to 5000 periods")
        require((1...400).contains(season), "season", "\(season)", "1 to 400 periods")
        require(serviceTarget > 0 && serviceTarget < 1, "serviceTarget", "\(serviceTarget)", "a share between 0 and 1")
        require(leastChangePercent >= 0, "leastChangePercent", "\(leastChangePercent)", "zero or more")
        return found
    }
}

extension ID<ExternalSystem> {
    /// Ourselves, as a source of forecasts.
    package static let builtInEngine: Self = "plimsoll"
}

/// How what several locations lack of an item is served.
package enum AllocationRule: String, Codable, Sendable, CaseIterable {
    /// Each position by itself, as if it were alone.
    case off
    /// By one plan over the network; what is scarce goes where it saves the most.
    case cheapest
    /// By one plan over the network; what is scarce is shared so that all have the same part of their needs.
    case fair
}
