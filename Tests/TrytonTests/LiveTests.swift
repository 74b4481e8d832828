import CanonicalModel
import ConnectorConformance
import ConnectorKit
import Foundation
import Governance
import Synchronization
import Testing
import Vocabulary

@testable import Tryton

private let address = ProcessInfo.processInfo.environment["PLIMSOLL_TEST_TRYTON"]

/// Against a real Tryton with its sample company; the address is in PLIMSOLL_TEST_TRYTON.
@Suite(.enabled(if: address != nil), .serialized) struct `A real Tryton` {
    let url = address ?? ""
    let http = HTTPClientExchange()

    private func withTryton(
        over exchange: (any HTTPExchange)? = nil, _ work: (TrytonConnector) async throws -> Void
    ) async throws {
        let tryton = try connector(exchange ?? http, url: url, clock: realClock)
        do {
            try await work(tryton)
        } catch {
            await http.shutdown()
            throw error
        }
        await http.shutdown()
    }

    @Test func `says who it is and lacks no permission`() async throws {
        try await withTryton { tryton in
            let information = try await tryton.check()
            #expect(information.name == "Northwind Industrial Supply")
            #expect(information.version.hasPrefix("Tryton 8."))
            #expect(information.remarks.isEmpty)
        }
    }

    @Test func `gives all that the sample holds`() async throws {
        try await withTryton { tryton in
            let expected: [(Feed, Int)] = [
                (.items, 200), (.locations, 3), (.suppliers, 20), (.sourcing, 250), (.lanes, 6), (.policies, 525),
                (.balances, 600),
            ]
            for (feed, count) in expected {
                let read = try await everything(feed, of: tryton)
                #expect(read.refusals.isEmpty, "\(feed): \(read.refusals.first.debugDescription)")
                // A supplier is named by each kind of record that it is found through.
                #expect(Set(read.observations.map(\.externalID)).count == count, "\(feed)")
            }
            let fed = try await everything(.policies, of: tryton).observations.filter { observation in
                if case .policy(let policy) = observation.entity { policy.fedFrom == "DC-CENTRAL" } else { false }
            }
            #expect(fed.count == 28)
            let demand = try await everything(.demand, of: tryton)
            #expect(demand.refusals.isEmpty)
            #expect(Set(demand.observations.map(\.externalID)).count > 1000)
            let supply = try await everything(.supply, of: tryton)
            #expect(supply.refusals.isEmpty)
            #expect(supply.observations.count >= 36 + 5)
        }
    }

    @Test func `keeps what the connector seam promises`() async throws {
        try await withTryton { tryton in
            let surroundings = Surroundings(http: http, clock: realClock, randomness: .seeded(2))
            let world = ConformanceWorld(
                settings: sampleSettings(url: url), unreachable: sampleSettings(url: "http://127.0.0.1:9"),
                surroundings: surroundings,
                actions: [policyChange, transfer, purchase],
                countEffects: { action, reference in try await effects(of: action, under: reference, in: tryton) })
            let breaches = try await ConnectorConformance(TrytonConnector.self, in: world).breaches()
            #expect(breaches == [])
        }
    }

    @Test func `does nothing twice when a proposal is carried out again`() async throws {
        try await withTryton { tryton in
            for action in [transfer, purchase] {
                let reference = Self.newReference()
                let first = await tryton.carryOut(
                    try approved(action, now: realClock.now()), reference: reference, names: Crosswalk())
                let second = await tryton.carryOut(
                    try approved(action, now: realClock.now()), reference: reference, names: Crosswalk())
                #expect(first == second)
                guard case .done = first else { return #expect(Bool(false), "\(first)") }
                #expect(try await effects(of: action, under: reference, in: tryton) == 1)
                let supply = try await everything(.supply, of: tryton).observations
                let ours = supply.filter {
                    if case .supply(let line) = $0.entity { line.reference == reference.rawValue } else { false }
                }
                #expect(ours.count == (action.kind == .createTransfer ? 1 : 2))
            }
        }
    }

    @Test func `is found and finished after the connection broke behind a create`() async throws {
        let breaking = BreakingExchange(inner: http, after: ".create")
        try await withTryton(over: breaking) { tryton in
            for action in [transfer, purchase] {
                let reference = Self.newReference()
                let outcome = await tryton.carryOut(
                    try approved(action, now: realClock.now()), reference: reference, names: Crosswalk())
                guard case .unknown = outcome else { return #expect(Bool(false), "\(outcome)") }
                guard case .found(let document) = try await tryton.find(action, reference: reference, names: Crosswalk()) else {
                    return #expect(Bool(false), "it should be found")
                }
                let id = try #require(Int64(document.externalID))
                let state = try await tryton.client.read(document.kind, [id], ["state"]).first?["state"]
                #expect(state == "waiting")
                #expect(try await effects(of: action, under: reference, in: tryton) == 1)
            }
        }
    }

    @Test func `is told apart when people change what we asked for`() async throws {
        try await withTryton { tryton in
            let reference = Self.newReference()
            _ = await tryton.carryOut(try approved(purchase, now: realClock.now()), reference: reference, names: Crosswalk())
            let changed = Action.createPurchaseProposal(Self.purchase(quantities: [Quantity(12), Quantity(36)]))
            guard case .different(_, let difference) = try await tryton.find(changed, reference: reference, names: Crosswalk())
            else {
                return #expect(Bool(false), "it should be different")
            }
            #expect(difference == "quantities is [24, 48] instead of [12, 36]")
        }
    }

    @Test func `keeps a policy that somebody else changed at the same time`() async throws {
        let reference = Self.newReference()
        let racing = RacingExchange(inner: http)
        try await withTryton(over: racing) { tryton in
            let levels = PolicyLevels(reorderPoint: Quantity(11), safetyStock: .zero, orderUpTo: Quantity(99))
            let action = Action.setInventoryPolicy(
                PolicyChange(item: "FA-1002", location: "DC-EAST", levels: levels, previous: nil))
            let outcome = await tryton.carryOut(
                try approved(action, now: realClock.now()), reference: reference, names: Crosswalk())
            guard case .notDone(let fault) = outcome else { return #expect(Bool(false), "\(outcome)") }
            #expect(fault.code == .changedMeanwhile)
            #expect(try await tryton.find(action, reference: reference, names: Crosswalk()) == .absent)
        }
    }

    @Test func `gives only what changed since the last round`() async throws {
        try await withTryton { tryton in
            let client = try connector(http, url: url, clock: realClock, changing: ["overlapSeconds": "0"])
            let first = try await everything(.items, of: client)
            try await realClock.pause(.seconds(2))
            _ = try await tryton.client.ask("model.product.product.write", [[7], ["position": 3]])
            let second = try await client.read(.items, after: first.end, names: Crosswalk())
            #expect(second.observations.count == 1 && !second.hasMore)
        }
    }
}

extension `A real Tryton` {
    static func newReference() -> Reference {
        Reference("PLM-" + Digest(of: "\(realClock.now())").rawValue.uppercased().prefix(20))
    }

    private static func day(_ offset: Int) -> BusinessDate { TimeZoneName.utc.date(at: realClock.now()).adding(days: offset) }

    static func purchase(quantities: [Quantity]) -> PurchaseProposal {
        PurchaseProposal(
            item: "FA-1001", location: "DC-WEST", supplier: "SUP-001", quantities: quantities, unit: "C62",
            unitPrice: Money(scaled: 5_270_000), currency: "USD", orderOn: day(1), dueOn: day(31))
    }

    var purchase: Action { .createPurchaseProposal(Self.purchase(quantities: [Quantity(48), Quantity(24)])) }

    var transfer: Action {
        .createTransfer(
            TransferProposal(
                item: "FA-1001", origin: "DC-CENTRAL", destination: "DC-EAST", quantity: Quantity(3), unit: "C62",
                shipOn: Self.day(1), dueOn: Self.day(3)))
    }

    /// Figures that no earlier run can have left behind.
    var policyChange: Action {
        let minimum = Int(realClock.now().microseconds / 1_000_000 % 1000) + 1
        let levels = PolicyLevels(reorderPoint: Quantity(minimum), safetyStock: .zero, orderUpTo: Quantity(minimum + 2000))
        return .setInventoryPolicy(PolicyChange(item: "FA-1001", location: "DC-EAST", levels: levels, previous: nil))
    }

    private func effects(of action: Action, under reference: Reference, in tryton: TrytonConnector) async throws -> Int {
        let (model, field): (String, String) =
            switch action {
            case .setInventoryPolicy: ("stock.order_point", "")
            case .createTransfer: ("stock.shipment.internal", "reference")
            case .createPurchaseProposal: ("purchase.requisition", "description")
            }
        let domain: RPCValue =
            field.isEmpty
            ? [["product.code", "=", "FA-1001"], ["location.code", "=", "DC-EAST"]]
            : [[.text(field), "=", .text(reference.rawValue)]]
        return Int(try await tryton.client.ask("model.\(model).search_count", [domain, 0, .null]).integer ?? -1)
    }
}

/// Lets a request through and loses the answer, as a connection does that breaks too late.
private struct BreakingExchange: HTTPExchange {
    let inner: any HTTPExchange
    let after: String

    func send(_ request: WireRequest) async throws(WireFailure) -> WireResponse {
        let response = try await inner.send(request)
        if String(decoding: request.body, as: UTF8.self).contains("\(after)\"") { throw .noAnswer("the connection was reset") }
        return response
    }
}

/// Changes an order point between the moment it is read and the moment it is written.
private final class RacingExchange: HTTPExchange {
    private let inner: any HTTPExchange

    init(inner: any HTTPExchange) {
        self.inner = inner
    }

    func send(_ request: WireRequest) async throws(WireFailure) -> WireResponse {
        let text = String(decoding: request.body, as: UTF8.self)
        if text.contains("stock.order_point.write"), let body = try? RPCValue(json: request.body),
            var params = body.members?["params"]?.elements, params.count == 3, var context = params[2].members
        {
            context["_timestamp"] = nil
            params[2] = .object(context)
            params[1] = ["min_quantity": .number("7.0")]
            var racer = request
            racer.body = Array(
                RPCValue.object(["id": 1, "method": "model.stock.order_point.write", "params": .list(params)]).json.utf8)
            _ = try await inner.send(racer)
        }
        return try await inner.send(request)
    }
}
