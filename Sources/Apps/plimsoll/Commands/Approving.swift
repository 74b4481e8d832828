import ArgumentParser

/// A person's yes.
struct Approve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Approve the action of a recommendation, as it was decided.")

    @Argument(help: "The recommendation.")
    var recommendation: String

    @Option(help: "The decision that was looked at; the latest when left out.")
    var decision: String?

    @Option(help: "A remark that is kept with the approval.")
    var comment: String?

    @Option(help: "The person on whose behalf, under a delegation in force.")
    var onBehalfOf: String?

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            let path = "/process/v1/recommendations/\(escaped(recommendation))"
            let seen: JSONValue = if let decision { .string(decision) } else { try await client.get(path)["decision"] }
            var body: [String: JSONValue] = ["decision": seen]
            if let comment { body["comment"] = .string(comment) }
            if let onBehalfOf { body["onBehalfOf"] = .string(onBehalfOf) }
            try options.show(try await client.post(path + "/approval", .object(body))) { answer in
                let missing = answer["missing"].int ?? 0
                return
                    "\(recommendation) is "
                    + "\(answer["state"].shown)\(missing > 0 ? "; \(missing) more to approve" : "")."
                    + (answer["reason"].string.map { " \($0)" } ?? "")
            }
        }
    }
}

/// A person's no.
struct Reject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Reject a recommendation.")

    @Argument(help: "The recommendation.")
    var recommendation: String

    @Option(help: "Why; kept with the decision.")
    var reason: String

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            let answer = try await client.post(
                "/process/v1/recommendations/\(escaped(recommendation))/rejection", .object(["reason": .string(reason)]))
            try options.show(answer) { "\(recommendation) is \($0["state"].shown)." }
        }
    }
}
