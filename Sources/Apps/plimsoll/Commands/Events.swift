import ArgumentParser
import Foundation
import Server
import Vocabulary

/// The event log.
struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follow and replay events.", subcommands: [EventsTail.self, EventsReplay.self])
}

struct EventsTail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "tail", abstract: "Print events as they happen.")

    @Option(help: "Begin after this position; 0 is the beginning.")
    var after: Int = 0

    @Option(help: "Only events of this type, such as plimsoll.recommendation.approved.")
    var type: String?

    @Flag(help: "End when nothing more is there, instead of waiting.")
    var once = false

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            var position = after
            while true {
                let filter = type.map { "&type=\(escaped($0))" } ?? ""
                let answer = try await client.get("/consumption/v1/events?after=\(position)&limit=500\(filter)")
                for event in answer["events"].list { try print(line(event)) }
                let reached = answer["position"].int ?? position
                if reached == position {
                    if once { return }
                    try await WallClock.system.pause(.milliseconds(500))
                }
                position = reached
            }
        }
    }

    private func line(_ event: JSONValue) throws -> String {
        if options.json { return try JSON.text(of: event) }
        return "\(event["time"].shown)  \(event["type"].shown.padded(to: 44))\(event["subject"].shown)"
    }
}

struct EventsReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Deliver events again to one consumer.",
        discussion: "Consumers recognise events they have handled by their id, so replaying is safe to repeat.")

    @Argument(help: "The consumer that is to receive the events.")
    var consumer: String

    @Option(help: "First event to deliver, as a position or an RFC 3339 instant.")
    var from: String

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            let point: JSONValue =
                if let position = Int(from) { .object(["position": .number(Double(position))]) } else {
                    .object(["instant": .string(from)])
                }
            let answer = try await client.post("/consumption/v1/consumers/\(escaped(consumer))/replay", point)
            try options.show(answer) { "\(consumer) goes on from position \($0["position"].shown)." }
        }
    }
}
