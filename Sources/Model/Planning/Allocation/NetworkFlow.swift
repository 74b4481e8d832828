/// The cheapest flow of whole units through a network of arcs with capacities: successive shortest paths with node potentials.
///
/// Exact for integer capacities and costs. Costs may be negative as long as no cycle is. Source: Ahuja, Magnanti, Orlin,
/// "Network Flows" (1993), section 9.7; Dijkstra on reduced costs in its dense form, which suits some hundred nodes.
struct NetworkFlow {
    private let nodes: Int
    private var heads: [Int] = []
    private var capacity: [Int64] = []
    private var cost: [Int64] = []
    private var leaving: [[Int]]

    init(nodes: Int) {
        self.nodes = nodes
        leaving = Array(repeating: [], count: nodes)
    }

    /// - Returns: the arc's number, for `sent(on:)`.
    @discardableResult
    mutating func addArc(from: Int, to: Int, capacity limit: Int64, cost each: Int64) -> Int {
        let arc = heads.count
        heads += [to, from]
        capacity += [max(0, limit), 0]
        cost += [each, -each]
        leaving[from].append(arc)
        leaving[to].append(arc + 1)
        return arc
    }

    /// Units that the solution sends along an arc: what its reverse can take back.
    func sent(on arc: Int) -> Int64 { capacity[arc + 1] }

    /// Sends as much as fits from `source` to `sink`, at the least cost.
    ///
    /// - Returns: the potentials: what a unit more would cost at each node.
    @discardableResult
    mutating func solve(from source: Int, to sink: Int) -> [Int64] {
        var potential = startingPotentials(from: source)
        while let path = shortestPath(from: source, to: sink, &potential) {
            var amount = Int64.max
            for arc in path { amount = min(amount, capacity[arc]) }
            for arc in path {
                capacity[arc] -= amount
                capacity[arc ^ 1] += amount
            }
        }
        return potential
    }

    /// Far enough that nothing reaches it, near enough that sums do not wrap.
    private static let unreached = Int64.max / 4

    /// Bellman and Ford, because costs may be negative before anything flows.
    private func startingPotentials(from source: Int) -> [Int64] {
        var distance = [Int64](repeating: Self.unreached, count: nodes)
        distance[source] = 0
        for _ in 0..<nodes {
            var changed = false
            for node in 0..<nodes where distance[node] < Self.unreached {
                for arc in leaving[node] where capacity[arc] > 0 && distance[node] + cost[arc] < distance[heads[arc]] {
                    distance[heads[arc]] = distance[node] + cost[arc]
                    changed = true
                }
            }
            if !changed { break }
        }
        return distance
    }

    private func shortestPath(from source: Int, to sink: Int, _ potential: inout [Int64]) -> [Int]? {
        var distance = [Int64](repeating: Self.unreached, count: nodes)
        var arrived = [Int](repeating: -1, count: nodes)
        var settled = [Bool](repeating: false, count: nodes)
        distance[source] = 0
        while true {
            var node = -1
            for other in 0..<nodes where !settled[other] && distance[other] < Self.unreached {
                if node < 0 || distance[other] < distance[node] { node = other }
            }
            guard node >= 0 else { break }
            settled[node] = true
            // Whatever lies farther than the sink keeps the sink's distance: its reduced costs stay non-negative.
            if node == sink { break }
            for arc in leaving[node] where capacity[arc] > 0 {
                let next = heads[arc]
                guard !settled[next] else { continue }
                let through = distance[node] + cost[arc] + potential[node] - potential[next]
                if through < distance[next] { (distance[next], arrived[next]) = (through, arc) }
            }
        }
        guard settled[sink] else { return nil }
        for node in 0..<nodes where potential[node] < Self.unreached { potential[node] += min(distance[node], distance[sink]) }
        var path: [Int] = []
        var node = sink
        while node != source {
            path.append(arrived[node])
            node = heads[arrived[node] ^ 1]
        }
        return path
    }
}
