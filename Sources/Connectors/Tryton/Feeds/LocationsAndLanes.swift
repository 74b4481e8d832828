import CanonicalModel
import ConnectorKit
import Vocabulary

/// A Tryton warehouse is a location; its zones and bins are inside it and not told apart here.
extension FeedReader {
    func locations(_ round: FeedRound) async throws(Fault) -> Page {
        let slice = try await records(
            "stock.location", [["type", "=", "warehouse"]], ["code", "name", "active"], round, context: ["active_test": false])
        var harvest = Harvest(observedAt: observedAt)
        for record in slice.records {
            harvest.take(record) { record, harvest throws(Fault) in
                let code = try record.code("code")
                let location = Location(
                    id: names.location(code), name: try record.text("name"), region: settings.places.region(of: code),
                    timeZone: settings.places.timeZone(of: code), system: ID(settings.system), isActive: try record.flag("active")
                )
                try harvest.add(location, as: .location(location), externalID: code)
            }
        }
        return page(harvest, slice, round, stages: 1, end: nil)
    }

    /// The lead times between warehouses; where there is none, Tryton plans no transit and we know no lane.
    func lanes(_ round: FeedRound) async throws(Fault) -> Page {
        let slice = try await records(
            "stock.location.lead_time", [], ["warehouse_from.code", "warehouse_to.code", "lead_time"], round)
        let currency = try await companyCurrency()
        var harvest = Harvest(observedAt: observedAt)
        for record in slice.records {
            harvest.take(record) { record, harvest throws(Fault) in
                let (from, to) = (try record.code("warehouse_from.code"), try record.code("warehouse_to.code"))
                guard let days = try record.optionalDays("lead_time") else { throw record.invalid("lead_time", "a duration") }
                let costs = settings.lanes.costs(from: from, to: to)
                let lane = Lane(
                    origin: names.location(from), destination: names.location(to), transitDays: days,
                    transitDeviation: days * settings.lanes.deviationShare, costPerShipment: costs.perShipment,
                    costPerUnit: costs.perUnit, currency: currency)
                try harvest.add(lane, as: .lane(lane), externalID: String(try record.id))
            }
        }
        return page(harvest, slice, round, stages: 1, end: nil)
    }
}

/// Which warehouse each location is in; places outside any, such as the way between two, are missing.
struct WarehouseCodes: Sendable {
    private let codes: [Int64: String]

    subscript(_ location: Int64?) -> String? { location.flatMap { codes[$0] } }

    /// Climbs from the locations to the warehouses above them, one question for each level.
    init(above locations: some Sequence<Int64>, client: TrytonClient) async throws(Fault) {
        var known: [Int64: Record] = [:]
        var wanted = Set(locations)
        let start = wanted
        while !wanted.isEmpty {
            for record in try await client.read("stock.location", wanted.sorted(), ["type", "code", "parent"]) {
                known[try record.id] = record
            }
            let parents = wanted.compactMap { known[$0]?["parent"].integer }
            wanted = Set(parents).subtracting(known.keys)
        }
        var codes: [Int64: String] = [:]
        for location in start {
            var current: Record? = known[location]
            while let record = current, record["type"].string != "warehouse" {
                current = record["parent"].integer.flatMap { known[$0] }
            }
            codes[location] = current?.optionalText("code")
        }
        self.codes = codes
    }
}
