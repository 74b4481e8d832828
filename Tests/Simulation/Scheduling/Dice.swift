import Vocabulary

/// Chance that a seed repeats exactly.
package struct Dice: Sendable {
    package let randomness: Randomness

    package init(_ seed: UInt64) {
        randomness = .seeded(seed)
    }

    /// Dice of their own for one part of the world, so that what happens in another does not change their throws.
    package func fork() -> Dice { Dice(randomness.next()) }

    package func chance(_ probability: Double) -> Bool { probability > 0 && randomness.fraction() < probability }

    package func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(randomness.next() % UInt64(range.count))
    }

    /// - Precondition: `elements` is not empty.
    package func one<Element>(of elements: [Element]) -> Element { elements[number(0...(elements.count - 1))] }

    package func seconds(_ range: ClosedRange<Double>) -> Duration {
        .microseconds(Int64((range.lowerBound + randomness.fraction() * (range.upperBound - range.lowerBound)) * 1_000_000))
    }
}
