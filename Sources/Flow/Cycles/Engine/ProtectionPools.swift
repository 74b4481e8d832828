import Planning

/// Series whose orders take about as long are forecast together, so that quantiles of just those sums are learnt.
enum ProtectionPools {
    struct Member {
        /// Of the position.
        let index: Int
        let demand: PreparedDemand
        /// Whole periods of which the sum matters, at most the horizon.
        let protection: Int
    }

    /// Fewer teach each other too little; their sums are carried over from those nearest in length.
    static let least = 40

    /// - Returns: the pools by rising length of their sums; each member is in one.
    static func of(_ members: [Member], horizon: Int) throws -> [(request: ForecastRequest, members: [Member])] {
        let byLength = Dictionary(grouping: members, by: \.protection)
        let counts = byLength.mapValues(\.count)
        var lengths = counts.filter { $0.value >= least }.map(\.key)
        if lengths.isEmpty {
            let all = members.map(\.protection).sorted()
            lengths = all.isEmpty ? [] : [all[all.count / 2]]
        }
        lengths.sort()
        var pools: [Int: [Member]] = [:]
        for member in members {
            // As a ratio: from one week to two is as far as from four to eight.
            let nearest = lengths.min { distance($0, member.protection) < distance($1, member.protection) }
            if let nearest { pools[nearest, default: []].append(member) }
        }
        return try lengths.compactMap { length in
            try pools[length].map { (try ForecastRequest(horizon: horizon, protection: length), $0) }
        }
    }

    private static func distance(_ left: Int, _ right: Int) -> Double {
        left > right ? Double(left) / Double(right) : Double(right) / Double(left)
    }
}
