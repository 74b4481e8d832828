import CanonicalModel
import ConnectorKit
import Foundation
import Testing
import Vocabulary

@testable import Tryton

/// Exchanges with a real Tryton 8.2 and its sample company, recorded with the settings of `recorded`.
///
/// To record them again, start a fresh sample, set PLIMSOLL_TEST_TRYTON to its address and PLIMSOLL_RECORD_TRYTON to
/// the file to write, and run the test that records; then replace the session's token in the file.
@Suite struct `A recorded Tryton` {
    private static func recorded(_ http: any HTTPExchange, url: String) throws -> TrytonConnector {
        try connector(http, url: url, clock: try standingClock(), changing: ["pageSize": "20"])
    }

    private static func replayed() throws -> TrytonConnector {
        let path = try #require(Bundle.module.path(forResource: "Recordings/sample", ofType: "jsonl"))
        let http = try ReplayExchange(from: path, matching: .byContent, removing: [samplePassword])
        return try recorded(http, url: "http://127.0.0.1:8311")
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["PLIMSOLL_RECORD_TRYTON"] != nil))
    func `is recorded`() async throws {
        let environment = ProcessInfo.processInfo.environment
        let (path, url) = (try #require(environment["PLIMSOLL_RECORD_TRYTON"]), try #require(environment["PLIMSOLL_TEST_TRYTON"]))
        let http = HTTPClientExchange()
        let tryton = try Self.recorded(try RecordingExchange(http, to: path, removing: [samplePassword]), url: url)
        _ = try await tryton.check()
        for feed in Feed.allCases where feed != .supply { _ = try await tryton.read(feed, after: nil, names: Crosswalk()) }
        _ = try await everything(.supply, of: tryton)
        await http.shutdown()
    }

    @Test func `is the company it says`() async throws {
        let information = try await Self.replayed().check()
        #expect(information.name == "Northwind Industrial Supply" && information.version == "Tryton 8.2")
        // The recording's clock stands three weeks before the day it was made.
        #expect(information.remarks.count == 1 && information.remarks[0].contains("ahead of ours"))
    }

    @Test func `has items with their units and costs`() async throws {
        let page = try await Self.replayed().read(.items, after: nil, names: Crosswalk())
        #expect(page.observations.count == 20 && page.refusals.isEmpty && page.hasMore)
        guard case .item(let bolt)? = page.observations.first?.entity, case .item(let boxed) = page.observations[3].entity else {
            return #expect(Bool(false), "items")
        }
        #expect(bolt.id == "FA-1001" && bolt.name == "Hex Bolt M6" && bolt.stockingUnit == "C62" && bolt.conversions.isEmpty)
        #expect(
            bolt.unitCost == Money(scaled: 5_270_000) && bolt.currency == "USD" && bolt.family == "Fasteners" && !bolt.isRetired)
        #expect(boxed.conversions == [UnitConversion(unit: "CS", factor: Ratio(whole: 12))])
    }

    @Test func `has rows refused whose unit has no code, and the rest goes on`() async throws {
        let path = try #require(Bundle.module.path(forResource: "Recordings/sample", ofType: "jsonl"))
        let http = try ReplayExchange(from: path, matching: .byContent, removing: [samplePassword])
        let tryton = try connector(
            http, url: "http://127.0.0.1:8311", clock: try standingClock(), changing: ["pageSize": "20", "units": ""])
        let page = try await tryton.read(.items, after: nil, names: Crosswalk())
        #expect(page.observations.count == 15 && page.refusals.count == 5)
        let refusal = try #require(page.refusals.first)
        #expect(refusal.row == "product.product,4")
        #expect(refusal.violations.first?.field == "purchase_uom.symbol" && refusal.violations.first?.found == "cs12")
    }

    @Test func `has a place for each warehouse and lanes between them`() async throws {
        let tryton = try Self.replayed()
        let locations = try await tryton.read(.locations, after: nil, names: Crosswalk()).observations
        let east = locations.compactMap { observation -> Location? in
            if case .location(let place) = observation.entity { place } else { nil }
        }.first {
            $0.id == "DC-EAST"
        }
        #expect(locations.count == 3 && east?.region == "east" && east?.timeZone.identifier == "America/New_York")
        #expect(east?.system == "erpEast")
        let lanes = try await tryton.read(.lanes, after: nil, names: Crosswalk()).observations
        let found = lanes.compactMap { observation -> Lane? in if case .lane(let lane) = observation.entity { lane } else { nil }
        }
        let coastToCoast = found.first { $0.origin == "DC-EAST" && $0.destination == "DC-WEST" }
        #expect(found.count == 6 && coastToCoast?.transitDays == 5 && coastToCoast?.transitDeviation == 0.5)
        #expect(coastToCoast?.costPerShipment == Money(120) && coastToCoast?.costPerUnit == Money(scaled: 350_000))
    }

    @Test func `has sourcings with base prices and measured lead times`() async throws {
        let page = try await Self.replayed().read(.sourcing, after: nil, names: Crosswalk())
        let found = page.observations.compactMap { observation -> Sourcing? in
            if case .sourcing(let sourcing) = observation.entity { sourcing } else { nil }
        }
        let first = try #require(found.first { $0.item == "FA-1001" && $0.supplier == "SUP-001" })
        #expect(first.leadTimeDays == 30 && first.minimumQuantity == Quantity(100) && first.multiple == Quantity(12))
        #expect(first.price == Money(scaled: 5_270_000) && first.currency == "USD" && first.unit == "C62" && first.rank == 10)
        // Measured: neither nothing nor the quarter of 30 days that stands in for a measurement.
        #expect(first.leadTimeDeviation > 0 && first.leadTimeDeviation < 7.5)
        let boxed = try #require(found.first { $0.item == "FA-1004" })
        #expect(boxed.unit == "CS")
    }

    @Test func `has policies and balances`() async throws {
        let tryton = try Self.replayed()
        let policies = try await tryton.read(.policies, after: nil, names: Crosswalk()).observations
        guard case .policy(let policy)? = policies.first?.entity else { return #expect(Bool(false), "policies") }
        #expect(policy.item == "FA-1001" && policy.location == "DC-EAST" && policy.trigger == .below)
        #expect(policy.levels == PolicyLevels(reorderPoint: Quantity(92), safetyStock: .zero, orderUpTo: Quantity(268)))
        let balances = try await tryton.read(.balances, after: nil, names: Crosswalk()).observations
        guard case .balance(let balance)? = balances.first?.entity else { return #expect(Bool(false), "balances") }
        #expect(balance.item == "FA-1001" && balance.location == "DC-EAST" && balance.onHand == Quantity(157))
    }

    @Test func `has supply of every kind and state, in stocking units`() async throws {
        let read = try await everything(.supply, of: try Self.replayed())
        let lines = read.observations.compactMap { observation -> SupplyLine? in
            if case .supply(let line) = observation.entity { line } else { nil }
        }
        #expect(read.refusals.isEmpty)
        let boxed = try #require(lines.first { $0.order == "217" && $0.item == "BE-1004" })
        #expect(boxed.ordered == Quantity(204) && boxed.supplier == "SUP-015" && boxed.destination == "DC-CENTRAL")
        #expect(lines.filter { $0.kind == .purchase && $0.state == .confirmed }.count == 36)
        #expect(lines.filter { $0.kind == .purchase && $0.state == .draft }.count == 4)
        #expect(lines.filter { $0.kind == .requisition }.map(\.reference) == ["Stock-up 3", "Stock-up 1", "Stock-up 2"])
        let quotation = try #require(lines.first { $0.order == "231" })
        #expect(quotation.state == .draft && quotation.ordered == Quantity(72))
        let moving = lines.filter { $0.order == "7" && $0.kind == .transfer }
        #expect(
            moving.count == 3
                && moving.allSatisfy { $0.state == .inTransit && $0.origin == "DC-CENTRAL" && $0.reference == "TR-0007" })
        #expect(Set(lines.filter { $0.kind == .transfer }.map(\.state)) == [.draft, .confirmed, .inTransit])
    }

    @Test func `has the demand of whole days`() async throws {
        let page = try await Self.replayed().read(.demand, after: nil, names: Crosswalk())
        guard case .demand(let demand)? = page.observations.first?.entity else { return #expect(Bool(false), "demand") }
        #expect(demand.item == "FA-1001" && demand.location == "DC-EAST" && demand.date.description == "2025-11-04")
        #expect(demand.quantity == Quantity(51) && page.hasMore)
    }
}
