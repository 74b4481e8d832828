import Vocabulary

@testable import plimsoll

/// Recommendations as a planning system sends them: two of three ask for goods, the third for another policy.
struct Suggestions: Sendable {
    let made: Instant
    let needed: BusinessDate
    let shelves: [FaultWorld.Shelf]

    init(_ world: FaultWorld, on clock: WallClock) {
        made = clock.now()
        needed = TimeZoneName.utc.date(at: made).adding(days: 60)
        shelves = world.shelves
    }

    func id(_ number: Int) -> String { "fault-\(number)" }

    /// The same number always asks for the same: a sender that got no answer repeats itself.
    func body(_ number: Int) -> JSONValue {
        let shelf = shelves[number % shelves.count]
        return .object([
            "id": .string(id(number)), "source": .string("model"), "item": .string(shelf.item),
            "location": .string(shelf.location), "proposal": proposal(number), "assumptions": .object([:]),
            "madeAt": .string((made + .milliseconds(number)).description),
        ])
    }

    private func proposal(_ number: Int) -> JSONValue {
        // Shifted by one each round of the shelves, so that a shelf gets goods and policies in turn.
        guard (number + number / shelves.count) % 3 == 2 else {
            let fields = ["quantity": "\(4 + number % 9)", "unit": "C62", "neededBy": needed.description]
            return .object(["replenishment": .object(fields.mapValues { .string($0) })])
        }
        let levels = ["reorderPoint": "\(900_000 + number)", "safetyStock": "2", "orderUpTo": "\(1_000_000 + number)"]
        return .object(["policy": .object(levels.mapValues { .string($0) })])
    }
}
