import SandboxERP
import TestSandbox
import Testing
import Vocabulary

struct Page<Record: Decodable>: Decodable {
    let records: [Record]
    let cursor: String?
    let more: Bool
}

@Suite struct `Feeds of the sandbox ERP` {
    @Test func `the sample company has what the story needs`() async throws {
        try await RunningSandbox.during { erp async throws in
            let locations = try await erp.send("GET", "/locations").decoded(Page<ERPLocation>.self).records
            #expect(locations.map(\.id).sorted() == ["ATL", "EWR", "RNO"])
            #expect(Set(locations.map(\.region)) == ["us-south", "us-east", "us-west"])
            let items = try await erp.send("GET", "/items").decoded(Page<ERPItem>.self).records
            #expect(items.count == 40)
            #expect(Set(items.map(\.id)).count == 40)
            #expect(items.contains { $0.alternativeUnits.contains { $0.factor.denominator == 2 } })
            #expect(Set(items.map(\.gtin)).count == 40)
            #expect(items.allSatisfy { $0.gtin.count == 14 })
            let suppliers = try await erp.send("GET", "/suppliers").decoded(Page<ERPSupplier>.self).records
            #expect(suppliers.count == 8)
            #expect(try await erp.send("GET", "/lanes").decoded(Page<ERPLane>.self).records.count == 6)
            #expect(try await erp.send("GET", "/balances").decoded(Page<ERPBalance>.self).records.count == 120)
        }
    }

    @Test func `every item can be bought and every shelf has room for what lies on it`() async throws {
        let sample = try SampleDistributor(seed: 1, now: TestTime().now)
        let sourced = Set(sample.sourcing.filter { $0.location == nil }.map(\.item))
        #expect(sourced == Set(sample.items.map(\.id)))
        for location in sample.locations {
            let filled = sample.balances.filter { $0.location == location.id }.reduce(0.0) { sum, balance in
                sum + balance.onHand.double * (sample.items.first { $0.id == balance.item }?.space.double ?? 0)
            }
            #expect((0.5..<0.95).contains(filled / location.capacity.double), "\(location.id) holds \(filled) l")
        }
    }

    @Test func `the same seed gives the same company and another seed gives another`() throws {
        let now = TestTime().now
        let (first, second) = (try SampleDistributor(seed: 7, now: now), try SampleDistributor(seed: 7, now: now))
        let other = try SampleDistributor(seed: 8, now: now)
        #expect(try JSON.text(of: first.demand) == JSON.text(of: second.demand))
        #expect(try JSON.text(of: first.balances) == JSON.text(of: second.balances))
        #expect(try JSON.text(of: first.demand) != JSON.text(of: other.demand))
    }

    @Test func `demand lies on open days of the last sixty weeks`() throws {
        let sample = try SampleDistributor(seed: 1, now: TestTime().now)
        let calendars = Dictionary(uniqueKeysWithValues: sample.locations.map { ($0.id, $0.calendar) })
        #expect(sample.demand.allSatisfy { calendars[$0.location]?.isOpen(on: $0.day) == true })
        #expect(sample.demand.allSatisfy { $0.day < sample.today && $0.day >= sample.today.adding(days: -420) })
        let newest = sample.demand.filter { $0.item == "EVC-7KW" }
        #expect(newest.allSatisfy { $0.day >= sample.today.adding(days: -42) } && !newest.isEmpty)
    }

    @Test func `pages cover a feed once, in any size`() async throws {
        try await RunningSandbox.during { erp async throws in
            var ids: [String] = []
            var cursor: String?
            repeat {
                let place = cursor.map { "&cursor=\($0)" } ?? ""
                let page = try await erp.send("GET", "/balances?limit=37\(place)").decoded(Page<ERPBalance>.self)
                ids += page.records.map(\.id)
                cursor = page.cursor
                if !page.more { break }
            } while true
            #expect(ids.count == 120)
            #expect(Set(ids).count == 120)
        }
    }

    @Test func `a reader who goes on from a cursor sees exactly what has changed since`() async throws {
        try await RunningSandbox.during { erp async throws in
            let before = try await erp.send("GET", "/balances?limit=5000").decoded(Page<ERPBalance>.self)
            let start = try #require(before.cursor)
            #expect(!before.more)
            let adjustment = #"{"item":"BRG-6204","location":"EWR","change":"-5","unit":"C62"}"#
            #expect(try await erp.send("POST", "/stock-adjustments", adjustment).status == 201)
            let after = try await erp.send("GET", "/balances?cursor=\(start)").decoded(Page<ERPBalance>.self)
            #expect(after.records.map(\.id) == ["BRG-6204@EWR"])
            let since = try await erp.send("GET", "/balances?changedSince=\(erp.time.now + .microseconds(1))")
            #expect(try since.decoded(Page<ERPBalance>.self).records.map(\.id) == ["BRG-6204@EWR"])
        }
    }

    @Test(arguments: ["/items?limit=0", "/items?limit=many", "/items?cursor=x", "/items?changedSince=yesterday"])
    func `a question that makes no sense is refused by name`(path: String) async throws {
        try await RunningSandbox.during { erp async throws in
            let answer = try await erp.send("GET", path)
            #expect(answer.status == 422)
            #expect(answer.text.contains("input.invalid"))
        }
    }

    @Test func `nobody gets in without the key`() async throws {
        try await RunningSandbox.during { erp async throws in
            #expect(try await erp.send("GET", "/items", key: "wrong").status == 401)
            #expect(try await erp.send("GET", "/ledger", key: "wrong").status == 401)
        }
    }
}
