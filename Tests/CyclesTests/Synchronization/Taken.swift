import Synchronization

/// Something that only the first who comes gets.
final class Taken: Sendable {
    private let isTaken = Atomic(false)

    func first() -> Bool {
        !isTaken.exchange(true, ordering: .sequentiallyConsistent)
    }
}
