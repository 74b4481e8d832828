import Vocabulary

/// How processes on one database wake each other: a word over NATS after a commit that gives a stage something to do.
///
/// Nothing depends on it. Words are kept nowhere and may be lost; each process also asks the database, ten times a second.
package struct WakeUps: Sendable {
    private let mouth: BrokerLink
    private let ear: BrokerLink
    private let subject: String
    /// By which a process recognises its own words.
    private let name: String

    package init(_ settings: RelaySettings, randomness: Randomness) {
        mouth = BrokerLink(settings.address)
        ear = BrokerLink(settings.address)
        subject = "\(settings.prefix).wake"
        name = String(randomness.next(), radix: 36)
    }

    /// Tells the others that these stages have something to do.
    package func tell(_ stages: some Sequence<String>) async throws {
        for stage in stages { try await mouth.say(name, on: "\(subject).\(stage)") }
    }

    /// The stages that others say have something to do; none when `milliseconds` go by without a word.
    package func hear(milliseconds: Int64 = 500) async throws -> Set<String> {
        let words = try await ear.hear(on: "\(subject).*", milliseconds: milliseconds)
        return Set(words.filter { $0.word != name }.map { String($0.subject.dropFirst(subject.count + 1)) })
    }

    package func close() async {
        await mouth.close()
        await ear.close()
    }
}
