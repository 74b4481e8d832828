import Foundation
import Planning
import Testing

@Suite struct `An allocation plan` {
    static let unit: Int64 = 1_000_000

    func need(_ name: String, _ quantity: Int64, unmet: Double = 1000, priority: Int = 0) -> NetworkNeed {
        NetworkNeed(name: name, quantity: quantity * Self.unit, unmetCost: unmet, priority: priority)
    }

    func source(_ name: String, _ available: Int64?, _ kind: SourceOption.Kind = .transfer) -> NetworkSource {
        NetworkSource(kind: kind, name: name, available: available.map { $0 * Self.unit })
    }

    func route(
        _ source: Int, _ need: Int, _ unitCost: Double, fixed: Double = 0, surplus: Double = 0, minimum: Int64 = 0,
        multiple: Int64 = 1, maximum: Int64? = nil, obstacle: String? = nil
    ) throws -> SupplyRoute {
        SupplyRoute(
            source: source, need: need, unitCost: unitCost, fixedCost: fixed, surplusCost: surplus,
            lotRules: try LotRules(
                minimum: minimum * Self.unit, multiple: multiple * Self.unit, maximum: maximum.map { $0 * Self.unit }),
            obstacle: obstacle)
    }

    @Test func `splits a need where one source is not enough`() throws {
        let network = try SupplyNetwork(
            sources: [source("Memphis", 30), source("Acme", nil, .purchase)], needs: [need("Reno", 50)],
            routes: [route(0, 0, 1, fixed: 10), route(1, 0, 4, fixed: 25, surplus: 0.5, multiple: 12)])
        let plan = AllocationPlan(network)
        #expect(plan.isExact && plan.unmet == [0])
        #expect(plan.shipments.map(\.needed) == [30, 20].map { $0 * Self.unit })
        #expect(plan.shipments.map(\.quantity) == [30, 24].map { $0 * Self.unit })
        #expect(isClose(plan.cost, 147))
    }

    @Test func `gives the donor to whom it saves the most, not to who comes first`() throws {
        let network = try SupplyNetwork(
            sources: [source("Memphis", 10), source("Acme", nil, .purchase)], needs: [need("Reno", 10), need("Tulsa", 10)],
            routes: [route(0, 0, 1), route(0, 1, 2), route(1, 0, 3), route(1, 1, 9), route(1, 1, 1, obstacle: "it is on hold")])
        let plan = AllocationPlan(network)
        #expect(plan.shipments.map(\.route) == [1, 2])
        #expect(isClose(plan.cost, 50))
        #expect(
            plan.rejected.map(\.reason) == [
                .neededElsewhere(saving: 20), .dearer(by: 70), .infeasible("it is on hold"),
            ])
        #expect(plan.rejected.map(\.cost) == [10, 90, nil])
    }

    @Test func `shares what is scarce by cost, by priority or in equal shares`() throws {
        func unmet(_ sharing: Sharing) throws -> [Int64] {
            let network = try SupplyNetwork(
                sources: [source("Memphis", 80)],
                needs: [need("Reno", 32, unmet: 9), need("Tulsa", 64, unmet: 50), need("Omaha", 64, unmet: 5, priority: -1)],
                routes: [route(0, 0, 1), route(0, 1, 2), route(0, 2, 3)], sharing: sharing)
            return AllocationPlan(network).unmet.map { $0 / Self.unit }
        }
        #expect(try unmet(.cheapest) == [16, 0, 64])
        #expect(try unmet(.priority) == [32, 48, 0])
        // Half of all that is needed is there: each gets half.
        #expect(try unmet(.fair) == [16, 32, 32])
    }

    @Test func `leaves unmet what is not worth serving, and says so`() throws {
        let network = try SupplyNetwork(
            sources: [source("Acme", nil, .purchase)], needs: [need("Reno", 2, unmet: 5)],
            routes: [route(0, 0, 3, fixed: 40, surplus: 3, minimum: 10)])
        let plan = AllocationPlan(network)
        #expect(plan.shipments.isEmpty && plan.unmet == [2 * Self.unit] && isClose(plan.unmetCost, 10))
        #expect(plan.rejected.map(\.reason) == [.notWorthIt(by: 60)])
    }

    @Test func `of nothing is nothing`() throws {
        let plan = AllocationPlan(try SupplyNetwork(sources: [], needs: [], routes: []))
        #expect(plan.isExact && plan.shipments.isEmpty && plan.cost == 0)
        let alone = AllocationPlan(try SupplyNetwork(sources: [], needs: [need("Reno", 3)], routes: []))
        #expect(alone.unmet == [3 * Self.unit])
    }

    @Test func `names the figure it cannot work with`() throws {
        func refusal(_ routes: [SupplyRoute], unmet: Double = 1) -> String? {
            do throws(PolicyError) {
                _ = try SupplyNetwork(sources: [source("A", 5)], needs: [need("R", 1, unmet: unmet)], routes: routes)
                return nil
            } catch { return error.field }
        }
        #expect(refusal([try route(0, 0, .nan)]) == "routes[0].unitCost")
        #expect(refusal([try route(0, 0, 1), try route(1, 0, 1)]) == "routes[1].source")
        #expect(refusal([try route(0, 0, -1)]) == "routes[0].unitCost")
        #expect(refusal([], unmet: .infinity) == "needs[0].unmetCost")
    }

    /// Random networks of two sources and two needs with every kind of lot rule, against all plans there are.
    @Test func `is never dearer than the best of all plans`() throws {
        var numbers = SeededNumbers(seed: 99)
        for _ in 0..<250 {
            let network = try small(&numbers)
            let plan = AllocationPlan(network)
            #expect(plan.isExact)
            #expect(isClose(plan.cost + plan.unmetCost, cheapest(network), within: 1e-6))
            check(plan, network)
        }
    }

    private func small(_ numbers: inout SeededNumbers) throws -> SupplyNetwork {
        let sources = (0..<2).map { source("S\($0)", numbers.unit() < 0.2 ? nil : Int64.random(in: 0...9, using: &numbers)) }
        let needs = (0..<2).map { need("N\($0)", .random(in: 1...5, using: &numbers), unmet: (20 * numbers.unit()).rounded()) }
        var routes: [SupplyRoute] = []
        for from in 0..<2 {
            for to in 0..<2 {
                let multiple = Int64.random(in: 1...4, using: &numbers)
                let minimum = Int64.random(in: 0...5, using: &numbers)
                let smallest = (max(minimum, multiple) + multiple - 1) / multiple * multiple
                routes.append(
                    try route(
                        from, to, (10 * numbers.unit()).rounded(), fixed: (15 * numbers.unit()).rounded(),
                        surplus: (3 * numbers.unit()).rounded(), minimum: minimum, multiple: multiple,
                        maximum: numbers.unit() < 0.3 ? smallest + 2 : nil))
            }
        }
        return try SupplyNetwork(sources: sources, needs: needs, routes: routes)
    }

    private func cheapest(_ network: SupplyNetwork) -> Double {
        var least = Double.infinity
        var amounts = [Int64](repeating: 0, count: network.routes.count)
        func lot(_ route: Int) -> Int64 { network.routes[route].lotRules.apply(to: amounts[route] * Self.unit).quantity }
        func tryAll(_ index: Int) {
            guard index < network.routes.count else {
                var cost = 0.0
                var drawn = network.sources.map { _ in Int64(0) }
                var unmet = network.needs.map(\.quantity)
                for (number, route) in network.routes.enumerated() where amounts[number] > 0 {
                    let quantity = lot(number)
                    if let maximum = route.lotRules.maximum, quantity > maximum { return }
                    drawn[route.source] += quantity
                    unmet[route.need] -= amounts[number] * Self.unit
                    cost +=
                        route.fixedCost + route.unitCost * Double(amounts[number])
                        + route.surplusCost * Double(quantity / Self.unit - amounts[number])
                }
                guard zip(drawn, network.sources).allSatisfy({ $0 <= $1.available ?? .max }), unmet.allSatisfy({ $0 >= 0 }) else {
                    return
                }
                for (need, rest) in zip(network.needs, unmet) { cost += need.unmetCost * Double(rest / Self.unit) }
                least = min(least, cost)
                return
            }
            for amount in 0...network.needs[network.routes[index].need].quantity / Self.unit {
                amounts[index] = amount
                tryAll(index + 1)
            }
            amounts[index] = 0
        }
        tryAll(0)
        return least
    }

    /// What must hold of every plan, exact or cut off.
    private func check(_ plan: AllocationPlan, _ network: SupplyNetwork) {
        var drawn = network.sources.map { _ in Int64(0) }
        var met = network.needs.map { _ in Int64(0) }
        for shipment in plan.shipments {
            let route = network.routes[shipment.route]
            drawn[route.source] += shipment.quantity
            met[route.need] += shipment.needed
            #expect(shipment.quantity >= route.lotRules.minimum && shipment.quantity % route.lotRules.multiple == 0)
            #expect(shipment.quantity <= route.lotRules.maximum ?? .max && shipment.needed <= shipment.quantity)
        }
        #expect(zip(drawn, network.sources).allSatisfy { $0 <= $1.available ?? .max })
        for (need, (served, rest)) in zip(network.needs, zip(met, plan.unmet)) { #expect(served + rest == need.quantity) }
        #expect(plan.shipments.count + plan.rejected.count == network.routes.count)
    }

    /// Three DCs and two suppliers for warehouses; orders of fixed cost, minimum and pack.
    static func distributor(warehouses: Int, seed: UInt64, scarce: Bool = false) throws -> SupplyNetwork {
        var numbers = SeededNumbers(seed: seed)
        var sources = (0..<3).map { index in
            NetworkSource(
                kind: .transfer, name: "DC\(index)",
                available: Int64.random(in: 20...(scarce ? 90 : 400), using: &numbers) * unit)
        }
        sources += [NetworkSource(kind: .purchase, name: "Acme", available: scarce ? 300 * unit : nil)]
        sources += [NetworkSource(kind: .purchase, name: "Bolt", available: 600 * unit)]
        var needs: [NetworkNeed] = []
        var routes: [SupplyRoute] = []
        for index in 0..<warehouses where numbers.unit() < 0.6 {
            let quantity = Int64.random(in: 4...60, using: &numbers)
            for dc in 0..<3 {
                let cost = 0.3 + 2 * numbers.unit()
                routes.append(
                    SupplyRoute(
                        source: dc, need: needs.count, unitCost: cost, fixedCost: 15 + 30 * numbers.unit(), leadTimeDays: 2,
                        lotRules: try LotRules(minimum: 5 * unit, multiple: unit)))
            }
            for supplier in 3..<5 {
                routes.append(
                    SupplyRoute(
                        source: supplier, need: needs.count, unitCost: 4 + 2 * numbers.unit(), fixedCost: 25, surplusCost: 0.4,
                        leadTimeDays: 9, lotRules: try LotRules(minimum: 24 * unit, multiple: (supplier == 3 ? 12 : 6) * unit)))
            }
            needs.append(NetworkNeed(name: "W\(index)", quantity: quantity * unit, unmetCost: 30 + 20 * numbers.unit()))
        }
        return try SupplyNetwork(sources: sources, needs: needs, routes: routes)
    }

    @Test(arguments: [false, true])
    func `of fifty locations can be carried out, and is exact or says what it may miss`(scarce: Bool) throws {
        for seed in 0..<3 {
            let network = try Self.distributor(warehouses: 47, seed: UInt64(seed), scarce: scarce)
            let plan = AllocationPlan(network, limit: 60)
            check(plan, network)
            #expect(plan.isExact == (plan.gap == 0) && (plan.isExact || plan.steps >= 60))
            #expect(plan.gap < (scarce ? 0.4 : 0.05))
        }
    }

    @Test func `ends in time and says how far it may be from the best`() throws {
        let network = try Self.distributor(warehouses: 120, seed: 5, scarce: true)
        let plan = AllocationPlan(network, limit: 3)
        #expect(plan.steps <= 5)
        check(plan, network)
        let longer = AllocationPlan(network, limit: 12)
        #expect(longer.gap <= plan.gap)
        #expect(longer.cost + longer.unmetCost <= plan.cost + plan.unmetCost + 1e-9)
    }

    @Test func `is the same each time, and in any unit`() throws {
        let network = try Self.distributor(warehouses: 30, seed: 8, scarce: true)
        #expect(AllocationPlan(network, limit: 20) == AllocationPlan(network, limit: 20))
        let copy = try JSONDecoder().decode(SupplyNetwork.self, from: JSONEncoder().encode(network))
        #expect(copy == network)
        // The same goods counted by the dozen: a twelfth of the numbers at twelve times the cost.
        func dozens(_ factor: Int64) throws -> AllocationPlan {
            let scale = Double(factor)
            return AllocationPlan(
                try SupplyNetwork(
                    sources: [source("M", 36 * factor), source("A", nil, .purchase)],
                    needs: [need("R", 60 * factor, unmet: 100 / scale)],
                    routes: [
                        route(0, 0, 1 / scale, fixed: 10, minimum: 12 * factor, multiple: 12 * factor),
                        route(1, 0, 4 / scale, fixed: 20, surplus: 1 / scale, multiple: 36 * factor),
                    ]))
        }
        #expect(try isClose(dozens(1).cost, dozens(12).cost, within: 1e-6))
        #expect(try dozens(1).shipments.map { $0.quantity * 12 } == dozens(12).shipments.map(\.quantity))
    }
}
