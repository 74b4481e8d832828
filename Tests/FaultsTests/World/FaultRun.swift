import Foundation
import TestBackends

/// Whether this run has the time for everything: `make faults` sets `PLIMSOLL_FAULTS=long`.
enum FaultRun {
    static let isLong = environment["PLIMSOLL_FAULTS"] == "long"

    private static let environment = ProcessInfo.processInfo.environment

    /// A size that the usual run keeps small.
    static func size<Value>(_ usual: Value, long: Value) -> Value { isLong ? long : usual }

    /// The databases of a test whose other half is tested without processes as well: the usual run takes one.
    static let backends = isLong ? Backend.available : Backend.available.suffix(1)

    /// Writes down what was measured about a row of faults, for the table that `make faults` ends with.
    static func note(row: Int, _ figures: String) {
        print("Row \(row): \(figures)")
        guard let path = environment["PLIMSOLL_FAULT_FIGURES"], !path.isEmpty else { return }
        // Tests run side by side: each line is one write at the end of the file.
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT, 0o644)
        guard file >= 0 else { return }
        defer { close(file) }
        let line = Array("\(row)\t\(figures)\n".utf8)
        _ = write(file, line, line.count)
    }
}

extension Duration {
    /// In seconds with one decimal, for a person.
    var shown: String {
        let tenths = (components.seconds * 10) + components.attoseconds / 100_000_000_000_000_000
        return "\(tenths / 10).\(abs(tenths % 10)) s"
    }
}

/// Asks again and again until `condition` holds.
///
/// - Returns: how long that took.
/// - Throws: when it does not come to hold in time.
@discardableResult
func eventually(
    _ what: String, within limit: Duration = .seconds(90), every pause: Duration = .milliseconds(50),
    _ condition: () async throws -> Bool
) async throws -> Duration {
    let start = ContinuousClock.now
    while true {
        if try await condition() { return ContinuousClock.now - start }
        guard ContinuousClock.now - start < limit else { throw NeverCame(what: what, limit: limit) }
        try await Task.sleep(for: pause)
    }
}

struct NeverCame: Error, CustomStringConvertible {
    let what: String
    let limit: Duration

    var description: String { "Within \(limit.shown) it did not come about that \(what)." }
}
