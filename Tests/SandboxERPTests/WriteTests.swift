import SandboxERP
import TestSandbox
import Testing
import Vocabulary

struct LedgerView: Decodable {
    let totals: Ledger.Totals
    let duplicates: [String]
    let references: [String: Ledger.Entry]
}

struct Documents: Decodable {
    let documents: [ERPDocument]
}

extension RunningSandbox {
    func ledger() async throws -> LedgerView { try await send("GET", "/ledger").decoded() }

    func documents(_ reference: String) async throws -> [ERPDocument] {
        try await send("GET", "/documents?reference=\(reference)").decoded(Documents.self).documents
    }

    func balance(_ item: String, _ location: String) async throws -> ERPBalance {
        let page = try await send("GET", "/balances?limit=5000").decoded(Page<ERPBalance>.self)
        return try #require(page.records.first { $0.item == item && $0.location == location })
    }
}

func transfer(_ reference: String, quantity: String = "24") -> String {
    """
    {"reference":"\(reference)","item":"BRG-6204","origin":"EWR","destination":"RNO","quantity":"\(quantity)","unit":"C62",\
    "dueOn":"2026-06-30"}
    """
}

func requisition(_ reference: String, quantities: String = #"["2"]"#, unit: String = "CS") -> String {
    """
    {"reference":"\(reference)","item":"TWL-ROLL","location":"EWR","supplier":"TALLOW","quantities":\(quantities),\
    "unit":"\(unit)","dueOn":"2026-06-30"}
    """
}

@Suite struct `Writing to the sandbox ERP` {
    @Test func `a requisition is found again by our reference, in stocking units and as it was asked`() async throws {
        try await RunningSandbox.during { erp async throws in
            let answer = try await erp.send("POST", "/purchase-requisitions", requisition("R-1", quantities: #"["2","3"]"#))
            #expect(answer.status == 201)
            let number = try answer.decoded(ERPDocument.self).number
            let found = try #require(try await erp.documents("R-1").first)
            #expect(found.number == number)
            #expect(found.lines.map(\.ordered) == [24, 36].map { Quantity($0) })
            #expect(found.lines.map(\.askedQuantity) == [2, 3].map { Quantity($0) })
            #expect(found.lines.map(\.askedUnit) == ["CS", "CS"])
            #expect(try await erp.send("GET", "/documents/\(number)").decoded(ERPDocument.self).reference == "R-1")
            #expect(try await erp.ledger().references["R-1"]?.effects == 1)
        }
    }

    @Test func `a transfer promises stock at its origin and moves it when it is received`() async throws {
        try await RunningSandbox.during { erp async throws in
            let (origin, destination) = (try await erp.balance("BRG-6204", "EWR"), try await erp.balance("BRG-6204", "RNO"))
            let document = try await erp.send("POST", "/transfers", transfer("T-1")).decoded(ERPDocument.self)
            #expect(try await erp.balance("BRG-6204", "EWR").allocated == origin.allocated + Quantity(24))
            let line = try #require(document.lines.first).id
            let receipt = #"{"line":"\#(line)","quantity":"1","unit":"CS"}"#
            #expect(try await erp.send("POST", "/receipts", receipt).status == 201)
            let moved = try await erp.balance("BRG-6204", "EWR")
            #expect(moved.onHand == (try origin.onHand - Quantity(24)))
            #expect(moved.allocated == origin.allocated)
            #expect(try await erp.balance("BRG-6204", "RNO").onHand == (try destination.onHand + Quantity(24)))
            #expect(try await erp.send("POST", "/receipts", receipt).status == 409)
        }
    }

    @Test func `a purchase order raised by hand is on order until it is cancelled`() async throws {
        try await RunningSandbox.during { erp async throws in
            let before = try await erp.balance("TWL-ROLL", "EWR").onOrder
            let answer = try await erp.send("POST", "/purchase-orders", requisition("by-hand"))
            let document = try answer.decoded(ERPDocument.self)
            #expect(try await erp.balance("TWL-ROLL", "EWR").onOrder == before + Quantity(24))
            let line = try #require(document.lines.first).id
            #expect(try await erp.send("POST", "/cancellations", #"{"line":"\#(line)"}"#).status == 201)
            #expect(try await erp.balance("TWL-ROLL", "EWR").onOrder == before)
            let again = try await erp.send("GET", "/documents/\(document.number)").decoded(ERPDocument.self)
            #expect(again.lines.map(\.status) == [.cancelled])
        }
    }

    @Test func `setting a policy is absolute, and doing it again under one reference is no second effect`() async throws {
        try await RunningSandbox.during { erp async throws in
            let body = #"{"reference":"P-1","unit":"C62","reorderPoint":"70","safetyStock":"20","orderUpTo":"120"}"#
            #expect(try await erp.send("PUT", "/policies/RSP-P100/EWR", body).status == 201)
            #expect(try await erp.send("PUT", "/policies/RSP-P100/EWR", body).status == 200)
            let ledger = try await erp.ledger()
            #expect(ledger.references["P-1"] == entry(arrivals: 2, effects: 1, unchanged: 1, ["PC-000001"]))
            let policies = try await erp.send("GET", "/policies?limit=5000").decoded(Page<ERPPolicy>.self).records
            let policy = try #require(policies.first { $0.id == "RSP-P100@EWR" })
            #expect(policy.reorderPoint == Quantity(70))
            #expect(policy.version == 2)
            #expect(policy.reference == "P-1")
            let stale = try await erp.send("PUT", "/policies/RSP-P100/EWR", body, headers: ["If-Match": "\"1\""])
            #expect(stale.status == 412)
        }
    }

    @Test func `what makes no sense is refused, changes nothing and is counted as refused`() async throws {
        try await RunningSandbox.during { erp async throws in
            let bodies = [
                transfer("BAD-1", quantity: "-1"), transfer("BAD-2").replacing("BRG-6204", with: "NONE"),
                transfer("BAD-3").replacing("RNO", with: "EWR"), transfer("BAD-4").replacing("C62", with: "LTR"),
            ]
            for body in bodies { #expect(try await erp.send("POST", "/transfers", body).status == 422) }
            #expect(try await erp.send("POST", "/transfers", "{").status == 422)
            let ledger = try await erp.ledger()
            #expect(ledger.totals.effects == 0)
            #expect(ledger.totals.refused == 4)
            #expect(ledger.references["BAD-1"]?.arrivals == 1)
        }
    }

    @Test func `an ERP restored from its backup has forgotten, and the ledger has not`() async throws {
        try await RunningSandbox.during { erp async throws in
            let snapshot = try await erp.send("POST", "/snapshot").text
            #expect(try await erp.send("POST", "/transfers", transfer("T-2")).status == 201)
            #expect(try await erp.send("POST", "/restore", snapshot).status == 200)
            #expect(try await erp.documents("T-2").isEmpty)
            #expect(try await erp.ledger().references["T-2"]?.effects == 1)
            #expect(try await erp.send("POST", "/restore", #"{"snapshot":"none"}"#).status == 404)
        }
    }
}

func entry(arrivals: Int, effects: Int, unchanged: Int = 0, _ documents: [String] = []) -> Ledger.Entry {
    var entry = Ledger.Entry()
    entry.arrivals = arrivals
    entry.effects = effects
    entry.unchanged = unchanged
    entry.documents = documents
    return entry
}
