import CanonicalModel
import ConnectorKit
import Governance
import Replenishment
import Testing
import Vocabulary

/// What is written for every flow writes its own JSON; digests and old rows hold only as long as that is the encoder's.
@Suite struct `A text that is written for every flow` {
    private func expectEncodersBytes(_ value: some JSONWritable) throws {
        let (written, encoded) = (try JSON.text(of: value), String(decoding: try JSON.bytes(of: value), as: UTF8.self))
        #expect(written == encoded)
    }

    @Test func `has the bytes that an encoder gives it`() throws {
        for seed in 0..<300 as Range<UInt64> {
            let sample = Sample(seed, isFull: seed == 0)
            try expectEncodersBytes(sample.recommendation())
            try expectEncodersBytes(sample.goods())
            try expectEncodersBytes(sample.facts())
            try expectEncodersBytes(sample.decision())
            try expectEncodersBytes(ExternalDocument(kind: sample.text(), number: sample.text(), externalID: sample.text()))
        }
    }

    /// A field that is added to a type and not to its text is missed only while the sample leaves it out.
    @Test func `is compared with every field that it can have`() {
        let sample = Sample(0, isFull: true)
        #expect(unset(in: sample.recommendation()) == [])
        #expect(unset(in: sample.goods()) == [])
        #expect(unset(in: sample.facts()) == [])
        #expect(unset(in: sample.decision()) == [])
    }

    private func unset(in value: Any, _ path: String = "") -> [String] {
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .optional, mirror.children.isEmpty { return [path] }
        if mirror.displayStyle == .collection, mirror.children.isEmpty { return [path] }
        return mirror.children.flatMap { child in unset(in: child.value, "\(path).\(child.label ?? "")") }
    }
}

/// Values of every shape, from a seed.
private struct Sample {
    private let chance: Randomness
    private let isFull: Bool

    init(_ seed: UInt64, isFull: Bool) {
        chance = .seeded(seed)
        self.isFull = isFull
    }

    private func pick<Value>(_ values: [Value]) -> Value { values[Int(chance.next() % UInt64(values.count))] }
    private func maybe<Value>(_ value: Value) -> Value? { isFull || chance.next() % 3 > 0 ? value : nil }
    private func some<Value>(_ value: () -> Value) -> [Value] { (0..<(isFull ? 2 : Int(chance.next() % 3))).map { _ in value() } }

    func text() -> String { pick(["bolt M8", "a \"b\" \\ /", "é 漢 🛳", "line\nand\ttab", "\u{1f}\u{7f}", "C62"]) }
    private func id<Subject>() -> ID<Subject> { ID(text()) }
    private func flag() -> Bool { chance.next() % 2 == 0 }
    private func quantity() -> Quantity { Quantity(scaled: Int64(bitPattern: chance.next()) >> (chance.next() % 63)) }
    private func money() -> Money { Money(scaled: quantity().scaled) }
    private func number() -> Double { pick([0, 1, 0.95, 1e16, 1e-7, chance.fraction() * 1000, -chance.fraction()]) }
    private func date() -> BusinessDate { BusinessDate(dayNumber: Int32(chance.next() % 40_000)) }
    private func instant() -> Instant { Instant(microseconds: Int64(chance.next() % 4_000_000_000_000_000)) }
    private func whole() -> Int { Int(chance.next() % 400) }

    private func calendar() -> WorkingCalendar {
        WorkingCalendar(workdays: Set(some { pick(Weekday.allCases) }), closedOn: Set(some(date)), openOn: Set(some(date)))
    }

    private func levels() -> PolicyLevels {
        PolicyLevels(
            reorderPoint: quantity(), safetyStock: quantity(), orderUpTo: quantity(), orderQuantity: maybe(quantity()))
    }

    private func item() -> Item {
        Item(
            id: id(), name: text(), stockingUnit: "C62",
            conversions: some { UnitConversion(unit: "CS", factor: pick([.one, Ratio(whole: 12)])) }, gtin: maybe(text()),
            family: maybe(text()), abcClass: maybe(pick(ABCClass.allCases)), xyzClass: maybe(pick(XYZClass.allCases)),
            criticality: pick(Criticality.allCases), unitCost: maybe(money()), currency: maybe("EUR"), space: quantity(),
            supersededBy: maybe(id()), isRetired: flag())
    }

    private func location() -> Location {
        Location(
            id: id(), name: text(), kind: pick(LocationKind.allCases), region: text(), timeZone: .utc, calendar: calendar(),
            capacity: maybe(quantity()), system: maybe(id()), isActive: flag())
    }

    private func policy() -> InventoryPolicy {
        InventoryPolicy(
            item: id(), location: id(), levels: levels(), serviceTarget: number(),
            serviceTargetType: pick(ServiceTargetType.allCases), trigger: pick(Trigger.allCases),
            capRule: pick(CapRule.allCases), reviewDays: whole(), fedFrom: maybe(id()))
    }

    private func balance() -> BalanceFacts {
        BalanceFacts(
            Balance(
                item: id(), location: id(), onHand: quantity(), allocated: quantity(), inTransit: quantity(), onOrder: quantity()
            ), observedAt: instant())
    }

    private func line() -> SupplyLine {
        SupplyLine(
            id: id(), order: text(), kind: pick(SupplyKind.allCases), state: pick(SupplyState.allCases), item: id(),
            destination: id(), origin: maybe(id()), supplier: maybe(id()), ordered: quantity(), received: quantity(),
            dueOn: maybe(date()), committedOn: maybe(date()), committedQuantity: maybe(quantity()), reference: maybe(text()),
            orderedOn: maybe(date()), receivedOn: maybe(date()))
    }

    private func sourcing() -> SourcingFacts {
        SourcingFacts(
            Sourcing(
                item: id(), supplier: id(), location: maybe(id()), rank: whole(), leadTimeDays: number(),
                leadTimeDeviation: number(), unit: "CS", minimumQuantity: quantity(), multiple: quantity(),
                maximumQuantity: maybe(quantity()), price: money(), currency: "USD", validFrom: maybe(date()),
                validUntil: maybe(date())),
            supplier: Supplier(id: id(), name: text(), calendar: calendar(), isBlocked: flag()))
    }

    private func donor() -> DonorFacts {
        DonorFacts(
            lane: Lane(
                origin: id(), destination: id(), transitDays: number(), transitDeviation: number(), costPerShipment: money(),
                costPerUnit: money(), currency: "USD", calendar: calendar(), minimumQuantity: quantity(), isActive: flag()),
            location: location(), balance: balance(), policy: maybe(policy()), supply: some(line))
    }

    private func forecast() -> Forecast {
        Forecast(
            item: id(), location: id(), source: id(), cycle: maybe(id()), version: Int64(whole()), method: text(), start: date(),
            periodDays: whole(), mean: some(number), levels: some(number), quantiles: some { some(number) },
            deviation: maybe(number()), isProvisional: flag())
    }

    func facts() -> DecisionFacts {
        let position = PositionFacts(
            item: item(), location: location(), policy: maybe(policy()), balance: maybe(balance()), supply: some(line),
            sourcings: some(sourcing), donors: some(donor), forecast: maybe(forecast()), freeCapacity: maybe(quantity()),
            asOf: instant())
        let promised = Dictionary(some { (text(), quantity()) }) { first, _ in first }
        let pending = some { PendingSupply(reference: text(), quantity: quantity(), dueOn: date(), origin: maybe(id())) }
        return DecisionFacts(
            position: position, today: date(), pending: pending, promised: promised,
            rates: CostRates(currency: "EUR", holdingRate: number(), orderCost: number(), latenessRate: number()),
            assumedForecast: maybe(forecast()))
    }

    func goods() -> Proposal.Replenishing {
        let plan = PlannedSource(
            kind: pick(PlannedSource.Kind.allCases), from: text(), cost: maybe(money()),
            rejected: some { .init(name: text(), cost: maybe(money()), reason: text()) }, isExact: flag())
        return .init(quantity: quantity(), unit: "CS", neededBy: date(), plan: maybe(plan))
    }

    func recommendation() -> Recommendation {
        Recommendation(
            id: id(), source: id(), cycle: maybe(id()), item: id(), location: id(),
            proposal: isFull || flag() ? .policy(levels()) : .replenishment(goods()), confidence: maybe(number()),
            assumptions: Assumptions(
                onHand: maybe(quantity()), allocated: maybe(quantity()), onOrder: maybe(quantity()),
                inTransit: maybe(quantity()), leadTimeDays: maybe(number()), stockingUnit: maybe("KGM"),
                reorderPoint: maybe(quantity()), forecastVersion: maybe(Int64(whole())), asOf: maybe(instant())),
            isProvisional: flag(), madeAt: instant(), proposedBy: maybe(id()), reason: maybe(text()))
    }

    private func action() -> Action {
        pick([
            .setInventoryPolicy(PolicyChange(item: id(), location: id(), levels: levels(), previous: maybe(levels()))),
            .createTransfer(
                TransferProposal(
                    item: id(), origin: id(), destination: id(), quantity: quantity(), unit: "C62", shipOn: date(), dueOn: date())
            ),
            .createPurchaseProposal(
                PurchaseProposal(
                    item: id(), location: id(), supplier: id(), quantities: some(quantity), unit: "CS", unitPrice: money(),
                    currency: "EUR", orderOn: date(), dueOn: date())),
        ])
    }

    func decision() -> Decision {
        let worth = Worth(money(), "EUR")
        return Decision(
            id: id(), recommendation: id(), action: maybe(action()),
            verdict: pick([
                .autoApprove, .reject, .hold(team: text()), .requireApproval(roles: some { Role(rawValue: text()) }, people: 2),
            ]),
            rule: text(), reason: text(), policyVersion: text(), deciderVersion: whole(), factsDigest: Digest(of: text()),
            findings: some { CheckFinding(text(), pick([.passed, .adjusted, .warned, .failed]), text()) },
            alternatives: some {
                Alternative(name: text(), cost: maybe(worth), parts: ["goods": money(), "age": money()], reason: text())
            }, value: maybe(worth), isProvisional: flag(), proposedBy: maybe(id()), decidedAt: instant(), lapsesAt: instant())
    }
}
