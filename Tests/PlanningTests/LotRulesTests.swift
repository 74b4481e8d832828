import Foundation
import Planning
import Testing

@Suite struct `Lot rules` {
    static let unit: Int64 = 1_000_000

    func rules(
        _ minimum: Int64, _ multiple: Int64, _ maximum: Int64? = nil, _ capRule: LotRules.CapRule = .allowOver
    ) throws -> LotRules {
        try LotRules(
            minimum: minimum * Self.unit, multiple: multiple * Self.unit, maximum: maximum.map { $0 * Self.unit },
            capRule: capRule)
    }

    @Test func `raise a need to the minimum and to whole packs`() throws {
        let rules = try rules(20, 12)
        let small = rules.apply(to: 5 * Self.unit)
        #expect(small.parts == [24 * Self.unit])
        #expect(small.bound == [.minimum])
        #expect(small.surplus == 19 * Self.unit)
        let exact = rules.apply(to: 36 * Self.unit)
        #expect(exact.quantity == 36 * Self.unit && exact.bound.isEmpty)
        let odd = rules.apply(to: 36 * Self.unit + 1)
        #expect(odd.quantity == 48 * Self.unit && odd.bound == [.multiple])
        #expect(rules.apply(to: 0).parts.isEmpty)
        #expect(rules.apply(to: -5).quantity == 0)
    }

    @Test func `treat an order above the maximum as the cap rule says`() throws {
        let need = 250 * Self.unit
        let over = try rules(20, 12, 100, .allowOver).apply(to: need)
        #expect(over.parts == [252 * Self.unit] && over.bound == [.multiple, .maximum] && over.unmet == 0)
        let cut = try rules(20, 12, 100, .roundDown).apply(to: need)
        #expect(cut.parts == [96 * Self.unit] && cut.unmet == 154 * Self.unit)
        let split = try rules(20, 12, 100, .split).apply(to: need)
        #expect(split.parts == [96, 96, 60].map { $0 * Self.unit } && split.unmet == 0)
    }

    @Test func `leave no part of a split below the minimum`() throws {
        let split = try rules(40, 10, 100, .split).apply(to: 210 * Self.unit)
        #expect(split.parts == [100, 70, 40].map { $0 * Self.unit })
        #expect(split.quantity == 210 * Self.unit)
        let tight = try rules(80, 10, 100, .split).apply(to: 110 * Self.unit)
        #expect(tight.parts == [100, 80].map { $0 * Self.unit })
        #expect(tight.surplus == 70 * Self.unit)
    }

    @Test func `never wrap and never write a thousand orders`() throws {
        let any = try LotRules().apply(to: .max)
        #expect(any.quantity == .max && any.unmet == 0)
        let huge = try rules(0, 7).apply(to: .max)
        #expect(huge.quantity > 0 && huge.unmet < 7 * Self.unit)
        let many = try rules(0, 1, 1, .split).apply(to: 5_000 * Self.unit)
        #expect(many.parts.count == LotRules.mostParts && many.bound.contains(.mostParts))
        #expect(many.unmet == 4_900 * Self.unit)
    }

    @Test func `hold for any need`() throws {
        var numbers = SeededNumbers(seed: 6)
        for _ in 0..<3_000 {
            let minimum = Int64.random(in: 0...50, using: &numbers)
            let multiple = Int64.random(in: 1...15, using: &numbers)
            let smallest = (max(minimum, multiple) + multiple - 1) / multiple * multiple
            let maximum = smallest + Int64.random(in: 0...60, using: &numbers)
            let need = Int64.random(in: 1...400, using: &numbers)
            for rule in [LotRules.CapRule.allowOver, .roundDown, .split] {
                let result = try LotRules(minimum: minimum, multiple: multiple, maximum: maximum, capRule: rule).apply(to: need)
                #expect(result.parts.allSatisfy { $0 % multiple == 0 && $0 >= minimum && $0 > 0 })
                #expect(rule == .allowOver || result.parts.allSatisfy { $0 <= maximum })
                #expect(rule == .roundDown || result.unmet == 0 || result.bound.contains(.mostParts))
                #expect(result.quantity - result.surplus + result.unmet == need)
            }
        }
    }

    @Test func `that contradict each other are refused by name`() throws {
        func refusal(_ minimum: Int64, _ multiple: Int64, _ maximum: Int64?) -> String? {
            do throws(LotRuleError) {
                _ = try LotRules(minimum: minimum, multiple: multiple, maximum: maximum)
                return nil
            } catch {
                return error.field
            }
        }
        #expect(refusal(-1, 0, nil) == "minimum")
        #expect(refusal(0, -1, nil) == "multiple")
        #expect(refusal(20, 12, 23) == "maximum")
        #expect(refusal(0, 0, 0) == "maximum")
        #expect(refusal(20, 12, 24) == nil)
    }

    @Test func `survive being written down`() throws {
        let rules = try rules(20, 12, 100, .split)
        let copy = try JSONDecoder().decode(LotRules.self, from: JSONEncoder().encode(rules))
        #expect(copy == rules)
        #expect(throws: LotRuleError.self) {
            try JSONDecoder().decode(LotRules.self, from: Data(#"{"minimum":-1,"multiple":0,"capRule":"split"}"#.utf8))
        }
    }
}
