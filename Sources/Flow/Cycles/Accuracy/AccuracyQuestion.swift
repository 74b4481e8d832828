import CanonicalModel
import Planning
import Vocabulary

/// Which forecasts are to be judged, and how they are grouped.
package struct AccuracyQuestion: Sendable, Hashable {
    package enum Group: String, Sendable, Hashable, CaseIterable {
        case item, location, family, region

        var level: AccuracyBreakdown.Level {
            switch self {
            case .item: .item
            case .location: .location
            case .family: .family
            case .region: .region
            }
        }
    }

    /// The first day of the demand that is compared, and the day after the last; by default the last 13 weeks.
    package var from: BusinessDate?
    package var until: BusinessDate?
    /// How many periods before the end of a period its forecast had to be there; 1 for the last one before it began.
    package var lag: Int
    package var group: Group
    package var source: ID<ExternalSystem>?
    package var item: ID<Item>?
    package var location: ID<Location>?
    package var limit: Int

    package init(
        from: BusinessDate? = nil, until: BusinessDate? = nil, lag: Int = 1, group: Group = .location,
        source: ID<ExternalSystem>? = nil, item: ID<Item>? = nil, location: ID<Location>? = nil, limit: Int = 100
    ) {
        self.from = from
        self.until = until
        self.lag = lag
        self.group = group
        self.source = source
        self.item = item
        self.location = location
        self.limit = limit
    }
}

/// How far forecasts were from what then happened.
package struct AccuracyReport: Encodable, Sendable {
    package struct Figures: Encodable, Sendable, Hashable {
        /// Series, one for each item, location and source, and periods that were compared.
        package let series: Int
        package let periods: Int
        /// Units.
        package let actual: Double
        package let forecast: Double
        package let wape: Double?
        package let bias: Double?
        package let trackingSignal: Double?
        package let mase: Double?
        /// Share of the periods in which no more was asked for than the 95 % quantile.
        package let coverage95: Double?

        init(_ sums: AccuracySums) {
            series = sums.series
            periods = sums.periods
            actual = sums.actual
            forecast = sums.forecast
            wape = sums.wape
            bias = sums.bias
            trackingSignal = sums.trackingSignal
            mase = sums.meanMASE
            coverage95 = sums.coverage
        }
    }

    package struct Named: Encodable, Sendable {
        package let name: String
        package let figures: Figures
    }

    /// What one step of a forecast's making was worth.
    package struct Step: Encodable, Sendable {
        package let name: String
        package let wape: Double?
        package let bias: Double?
        /// WAPE of the step before less that of this one; nil for the first.
        package let added: Double?

        init(_ step: ForecastValueAdded.Step) {
            name = step.name
            wape = step.wape
            bias = step.bias
            added = step.added
        }
    }

    package struct AtLag: Encodable, Sendable {
        package let lag: Int
        package let figures: Figures
    }

    package let from: BusinessDate
    package let until: BusinessDate
    package let lag: Int
    package let by: String
    package let total: Figures
    /// Repeating the last demand known then, and the forecast: what the second adds to the first.
    package let steps: [Step]
    package let lags: [AtLag]
    /// Those with the most units of error first, at most as many as were asked for; what has no name is in the total only.
    package let groups: [Named]
    package let groupsInAll: Int
    /// Periods left out because nothing was in stock on some day, so that nobody knows what would have been asked for.
    package let unknownPeriods: Int
}
