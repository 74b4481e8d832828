/// What a series belongs to; by any of these accuracy can be shown.
public struct SeriesKey: Sendable, Hashable, Codable {
    public let item: String
    public let location: String
    public let family: String?
    public let region: String?

    public init(item: String, location: String, family: String? = nil, region: String? = nil) {
        self.item = item
        self.location = location
        self.family = family
        self.region = region
    }
}

/// Accuracy by item, location, family and region, each from the same sums.
public struct AccuracyBreakdown: Sendable, Hashable {
    public enum Level: String, Sendable, Hashable, Codable, CaseIterable {
        case item, location, family, region
    }

    public private(set) var total = AccuracySums()
    private var groups: [Level: [String: AccuracySums]] = [:]

    public init() {}

    public mutating func add(_ sums: AccuracySums, of key: SeriesKey) {
        total = total + sums
        for level in Level.allCases {
            guard let name = name(of: key, at: level) else { continue }
            groups[level, default: [:]][name] = (groups[level]?[name] ?? AccuracySums()) + sums
        }
    }

    /// A group without a name is in the total only.
    private func name(of key: SeriesKey, at level: Level) -> String? {
        switch level {
        case .item: key.item
        case .location: key.location
        case .family: key.family
        case .region: key.region
        }
    }

    /// The groups, those with the most absolute error first; ties by name.
    public func groups(by level: Level) -> [(name: String, sums: AccuracySums)] {
        (groups[level] ?? [:]).map { (name: $0.key, sums: $0.value) }.sorted {
            ($1.sums.absoluteError, $0.name) < ($0.sums.absoluteError, $1.name)
        }
    }
}
