import Foundation

/// The terminal as the demonstration writes on it.
struct Stage {
    private var step = 0

    mutating func begin(_ title: String) {
        step += 1
        print("\n\(step). \(title)\n")
        fflush(nil)
    }

    func tell(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { print("   \(line)") }
        fflush(nil)
    }
}
