import Planning
import Testing

@Suite struct `Comparing sources` {
    let need = SupplyNeed(quantity: 100_000_000, dueInDays: 4, latenessCostPerDay: 50, dailyDemand: 10)

    func transfer(_ name: String = "Memphis", available: Int64? = 150_000_000, days: Double = 2, risk: Double = 0.1) throws
        -> SourceOption
    {
        SourceOption(
            kind: .transfer, name: name, available: available, unitCost: 0.4, fixedCost: 60, leadTimeDays: days, itemValue: 8,
            holdingRate: 0.2, donorRiskPerUnit: risk, lotRules: try LotRules())
    }

    func purchase(_ name: String = "Acme", multiple: Int64 = 48_000_000, days: Double = 9, obstacle: String? = nil) throws
        -> SourceOption
    {
        SourceOption(
            kind: .purchase, name: name, unitCost: 1, fixedCost: 20, leadTimeDays: days, itemValue: 8, holdingRate: 0.2,
            lotRules: try LotRules(multiple: multiple), obstacle: obstacle)
    }

    @Test func `takes the lowest total and says what each part was`() throws {
        let choice = try compareSources(need: need, options: [purchase(), transfer()])
        let chosen = try #require(choice.chosen)
        #expect(chosen.option.name == "Memphis")
        #expect(isClose(chosen.cost.goods, 40) && isClose(chosen.cost.ordering, 60) && isClose(chosen.cost.donorRisk, 10))
        #expect(isClose(chosen.cost.pipelineHolding, 100 * 2 * 8 * 0.2 / 365))
        #expect(chosen.cost.lateness == 0 && chosen.cost.surplus == 0)
        let rejected = try #require(choice.rejected.first)
        let cost = try #require(rejected.cost)
        #expect(isClose(cost.lateness, 250) && isClose(cost.goods, 100))
        // 44 units too many last 4.4 days; half of them are held on average.
        #expect(isClose(cost.surplus, 22 * 4.4 * 8 * 0.2 / 365))
        guard case .dearer(let difference) = rejected.reason else {
            Issue.record("\(rejected.reason)")
            return
        }
        #expect(isClose(difference, cost.total - chosen.cost.total))
    }

    @Test func `buys when nothing presses and the donor would suffer`() throws {
        let calm = SupplyNeed(quantity: 100_000_000, dueInDays: 30, latenessCostPerDay: 50, dailyDemand: 10)
        let choice = try compareSources(need: calm, options: [transfer(risk: 2), purchase()])
        #expect(choice.chosen?.option.kind == .purchase)
    }

    @Test func `says why a source cannot be used`() throws {
        let cut = SourceOption(
            kind: .purchase, name: "Capped", unitCost: 1, fixedCost: 0, leadTimeDays: 1, itemValue: 1, holdingRate: 0,
            lotRules: try LotRules(maximum: 60_000_000, capRule: .roundDown))
        let choice = try compareSources(
            need: need, options: [transfer(available: 99_500_000), purchase(obstacle: "the supplier is on hold"), cut])
        #expect(choice.chosen == nil)
        #expect(
            choice.rejected.map(\.reason) == [
                .infeasible("it has 99.5 available of 100"), .infeasible("the supplier is on hold"),
                .infeasible("its largest lot leaves 40 of 100 unmet"),
            ])
        #expect(choice.rejected.allSatisfy { $0.cost == nil })
    }

    @Test func `decides a tie the same way in any order`() throws {
        let options = try [transfer("Reno"), transfer("Memphis"), transfer("Slow", days: 3)]
        let flat = options.map {
            SourceOption(
                kind: $0.kind, name: $0.name, unitCost: 1, fixedCost: 0, leadTimeDays: $0.leadTimeDays, itemValue: 0,
                holdingRate: 0,
                lotRules: $0.lotRules)
        }
        for order in [flat, flat.reversed()] {
            let choice = try compareSources(need: need, options: order)
            #expect(choice.chosen?.option.name == "Memphis")
            #expect(choice.rejected.map(\.option.name) == ["Reno", "Slow"])
            #expect(
                choice.rejected.map(\.reason) == [.tied("the first by name was taken"), .tied("the shorter lead time was taken")])
        }
    }

    @Test func `charges a surplus that nobody uses in full`() throws {
        let dead = SupplyNeed(quantity: 100_000_000, dueInDays: 30, latenessCostPerDay: 0, dailyDemand: 0)
        let choice = try compareSources(need: dead, options: [purchase()])
        #expect(isClose(try #require(choice.chosen).cost.surplus, 44 * 8))
    }

    @Test func `names the figure it cannot work with`() throws {
        let broken = SourceOption(
            kind: .purchase, name: "X", unitCost: .nan, fixedCost: 0, leadTimeDays: 1, itemValue: 1, holdingRate: 0,
            lotRules: try LotRules())
        do throws(PolicyError) {
            _ = try compareSources(need: need, options: [broken])
            Issue.record("NaN was accepted as a cost")
        } catch {
            #expect(error.field == "options[0].unitCost")
        }
    }
}
