import Vocabulary

/// Meridian Supply: a made-up distributor of industrial goods with three regional warehouses.
///
/// Everything follows from a seed and from today's date: the same two give the same company, and every date
/// lies where the story needs it, whichever day the story is told.
package struct SampleDistributor: Sendable {
    package let seed: UInt64
    package let today: BusinessDate
    /// When these rows were last changed, as the feeds say: the start of the ERP.
    package let loadedAt: Instant
    package let items: [ERPItem]
    package let locations: [ERPLocation]
    package let suppliers: [ERPSupplier]
    package let sourcing: [ERPSourcing]
    package let lanes: [ERPLane]
    package let policies: [ERPPolicy]
    package let balances: [ERPBalance]
    package let openOrders: [ERPOpenOrder]
    package let demand: [ERPDemand]

    /// - Parameters:
    ///   - now: the moment at which the company opens; today is the day it is then at head office in Newark.
    ///   - branches: how many further places keep what the warehouse in Atlanta keeps.
    package init(seed: UInt64, now: Instant, branches: Int = 0) throws(Fault) {
        let headOffice = try TimeZoneName(checking: "America/New_York", field: "timeZone")
        self.seed = seed
        loadedAt = now
        let today = headOffice.date(at: now)
        self.today = today
        let warehouses = try Warehouse.all.map { warehouse throws(Fault) in
            try warehouse.record(today: today, changedAt: now)
        }
        locations = warehouses.withBranches(branches)
        items = try Catalogue.lines.enumerated().map { index, line throws(Fault) in
            try line.record(index: index, today: today, changedAt: now)
        }
        suppliers = SupplierProfile.all.map { $0.record(changedAt: now) }
        sourcing = try SupplyTerms(today: today, changedAt: now).records()
        lanes = try LaneTerms.all.map { lane throws(Fault) in try lane.record(changedAt: now) }

        let stock = OpeningStock(seed: seed, today: today, changedAt: now)
        openOrders = try stock.openOrders()
        balances = try stock.balances(openOrders: openOrders).withBranches(branches)
        policies = try stock.policies().withBranches(branches)
        demand = DemandHistory(seed: seed, today: today, calendars: warehouses, changedAt: now).records()
    }
}

/// A source of chance for one thing alone, so that adding an item changes no other item's figures.
func chance(_ seed: UInt64, _ names: String...) -> Randomness {
    // FNV-1a over the names, which is stable where Hasher is not.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in names.joined(separator: "|").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return .seeded(seed ^ hash)
}
