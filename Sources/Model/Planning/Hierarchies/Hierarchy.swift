/// Sums over the same leaves in several ways: by item and family, by location and region, by both, and in all.
///
/// A node is an aggregate or a leaf. Aggregates come first, in the order of their levels, then the leaves. Levels need not be
/// nested: families and regions cut the same leaves across each other.
public struct Hierarchy: Sendable, Hashable {
    public struct Level: Sendable, Hashable {
        public let name: String
        /// To which node of this level each leaf belongs, shape `[leaves]`.
        public let labels: [String]

        public init(_ name: String, _ labels: [String]) {
            self.name = name
            self.labels = labels
        }

        /// The level of everything.
        public static func total(_ leaves: Int) -> Level { Level("total", Array(repeating: "total", count: leaves)) }
    }

    public struct Node: Sendable, Hashable {
        /// Name of the level; nil for a leaf.
        public let level: String?
        public let label: String
        /// Ascending; a leaf has itself.
        public let leaves: [Int]
        /// The nodes that this one is the sum of, as few as there are; a leaf has none.
        public let parts: [Int]
    }

    public let nodes: [Node]
    public let aggregates: Int
    public var leaves: Int { nodes.count - aggregates }

    /// - Parameters:
    ///   - leaves: their names.
    ///   - levels: each with one label a leaf.
    /// - Throws: `.invalidLevel` when a level has not one label for each leaf; `.emptyHistory` without leaves.
    public init(leaves: [String], levels: [Level]) throws(ForecastError) {
        guard !leaves.isEmpty else { throw .emptyHistory }
        for level in levels where level.labels.count != leaves.count { throw .invalidLevel(Double(level.labels.count)) }
        let names = levels.map { Set($0.labels).sorted() }
        let starts = names.indices.map { names[..<$0].reduce(0) { $0 + $1.count } }
        aggregates = names.reduce(0) { $0 + $1.count }
        let aggregates = aggregates
        let numbers = zip(names, starts).map { labels, start in
            Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, start + $0) })
        }
        /// The node of each leaf, level by level.
        let places = levels.indices.map { level in levels[level].labels.map { numbers[level][$0] ?? 0 } }
        var nodes: [Node] = []
        for level in levels.indices {
            let finer = Self.nearest(to: level, places)
            let grouped = Dictionary(grouping: leaves.indices) { levels[level].labels[$0] }
            for label in names[level] {
                let members = grouped[label] ?? []
                let parts =
                    finer.map { finer in Set(members.map { places[finer][$0] }).sorted() } ?? members.map { aggregates + $0 }
                nodes.append(Node(level: levels[level].name, label: label, leaves: members, parts: parts))
            }
        }
        self.nodes = nodes + leaves.enumerated().map { Node(level: nil, label: $1, leaves: [$0], parts: []) }
    }

    /// The level with the fewest nodes of which each lies within one node of this level.
    private static func nearest(to level: Int, _ places: [[Int]]) -> Int? {
        let own = Set(places[level]).count
        return places.indices.filter { other in
            guard other != level, Set(places[other]).count > own else { return false }
            var parents: [Int: Int] = [:]
            return places[other].indices.allSatisfy { leaf in
                let (child, parent) = (places[other][leaf], places[level][leaf])
                defer { parents[child] = parent }
                return parents[child] ?? parent == parent
            }
        }.min { (Set(places[$0]).count, $0) < (Set(places[$1]).count, $1) }
    }

    /// Every node's figure from the leaves'.
    public func summed(_ leaves: [Double]) -> [Double] { nodes.map { $0.leaves.reduce(0) { $0 + leaves[$1] } } }

    /// Every node's history from the leaves', shape `[nodes][periods]`.
    public func summed(_ leaves: [[Double]]) -> [[Double]] {
        let periods = leaves.map(\.count).min() ?? 0
        return nodes.map { node in (0..<periods).map { period in node.leaves.reduce(0) { $0 + leaves[$1][period] } } }
    }

    /// The aggregate that holds every leaf, if a level has it.
    public var root: Int? { nodes[..<aggregates].firstIndex { $0.leaves.count == leaves } }
}
