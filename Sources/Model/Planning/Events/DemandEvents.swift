/// What is known to move demand in single periods, past and ahead: holidays, promotions, price.
public struct DemandEvents: Sendable, Hashable {
    /// One kind of event and how much of it there is in each period.
    public struct Event: Sendable, Hashable {
        public let name: String
        /// Shape `[periods]`, as the history: 0 for none, 1 for a holiday, 0.2 for a fifth off the price.
        public let past: [Double]
        /// Shape `[horizon]`; missing ones are 0.
        public let ahead: [Double]

        public init(_ name: String, past: [Double], ahead: [Double]) {
            self.name = name
            self.past = past
            self.ahead = ahead
        }

        func value(ahead period: Int) -> Double { period < ahead.count ? ahead[period] : 0 }
    }

    public let events: [Event]

    public static let none = DemandEvents(trusted: [])

    /// - Parameter events: by different names, each with one finite value a period of the history.
    /// - Throws: `.invalidEvent` at the first value that is missing or not finite.
    public init(_ events: [Event], periods: Int) throws(ForecastError) {
        for event in events {
            for period in 0..<max(periods, event.past.count) {
                let value = period < min(periods, event.past.count) ? event.past[period] : .nan
                guard value.isFinite else { throw .invalidEvent(name: event.name, period: period, value: value) }
            }
            for (ahead, value) in event.ahead.enumerated() where !value.isFinite {
                throw .invalidEvent(name: event.name, period: periods + ahead, value: value)
            }
        }
        self.init(trusted: events)
    }

    private init(trusted events: [Event]) { self.events = events }

    /// Past periods in which something was the matter.
    var periods: Set<Int> {
        events.reduce(into: []) { periods, event in
            for (period, value) in event.past.enumerated() where value != 0 { periods.insert(period) }
        }
    }
}
