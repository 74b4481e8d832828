import ArgumentParser

/// Why it was decided so.
struct Decisions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Explain decisions.", subcommands: [ExplainDecision.self], defaultSubcommand: ExplainDecision.self)
}

struct ExplainDecision: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell all that is known about one recommendation: facts, checks, alternatives, approvals, attempts.")

    @Argument(help: "The recommendation.")
    var recommendation: String

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            let answer = try await client.get("/consumption/v1/recommendations/\(escaped(recommendation))/explanation")
            try options.show(answer, explanationText)
        }
    }
}

/// An explanation as a planner reads it.
func explanationText(_ answer: JSONValue) -> String {
    let recommendation = answer["recommendation"]
    var lines = [
        "\(recommendation["item"].shown) at \(recommendation["location"].shown): "
            + "\(answer["state"].shown)\(answer["reason"].string.map { " (\($0))" } ?? "")",
        "  suggested by \(recommendation["source"].shown): \(proposalText(recommendation["proposal"]))",
    ]
    if let reason = recommendation["reason"].string { lines.append("  because: \(reason)") }
    for explained in answer["decisions"].list { lines += decisionLines(explained) }
    for approval in answer["approvals"].list {
        lines.append(
            "  approved by \(approval["by"].shown) at "
                + "\(approval["at"].shown)\(approval["comment"].string.map { ": \($0)" } ?? "")"
        )
    }
    for attempt in answer["attempts"].list {
        lines.append(
            "  attempt \(attempt["number"].shown) under \(attempt["reference"].shown): "
                + "\(attempt["outcome"].string ?? "on its way") \(attempt["detail"].string ?? "")"
        )
    }
    if let document = answer["document"].string { lines.append("  in the ERP: \(document)") }
    lines.append("  \(answer["audit"].list.count) entries in the audit chain")
    return lines.joined(separator: "\n")
}

private func decisionLines(_ explained: JSONValue) -> [String] {
    let decision = explained["decision"]
    var lines = [
        "  decided \(decision["decidedAt"].shown) by the rule \"\(decision["rule"].shown)\": \(decision["reason"].shown)",
        "    action: \(actionText(decision["action"]))",
    ]
    for finding in decision["findings"].list {
        lines.append("    \(finding["result"].shown.padded(to: 9))\(finding["check"].shown): \(finding["explanation"].shown)")
    }
    for alternative in decision["alternatives"].list {
        let cost = alternative["cost.amount"].string.map { " (\($0) \(alternative["cost.currency"].shown))" } ?? ""
        lines.append("    rejected \(alternative["name"].shown)\(cost): \(alternative["reason"].shown)")
    }
    lines.append(
        "    made again from its stored facts it is \(explained["isReproducible"] == .bool(true) ? "the same" : "DIFFERENT")")
    return lines
}

func proposalText(_ proposal: JSONValue) -> String {
    if case .object = proposal["policy"] {
        return "reorder point \(proposal["policy.reorderPoint"].shown), order up to \(proposal["policy.orderUpTo"].shown)"
    }
    return
        "\(proposal["replenishment.quantity"].shown) \(proposal["replenishment.unit"].shown) by "
        + "\(proposal["replenishment.neededBy"].shown)"
}

func actionText(_ action: JSONValue) -> String {
    switch action["kind"].string {
    case "setInventoryPolicy":
        "set the policy: reorder point \(action["levels.reorderPoint"].shown), safety stock "
            + "\(action["levels.safetyStock"].shown), order up to \(action["levels.orderUpTo"].shown)"
    case "createTransfer":
        "transfer \(action["quantity"].shown) \(action["unit"].shown) from \(action["origin"].shown), shipping "
            + "\(action["shipOn"].shown), due \(action["dueOn"].shown)"
    case "createPurchaseProposal":
        "ask \(action["supplier"].shown) for \(action["quantities"].shown) \(action["unit"].shown) at "
            + "\(action["unitPrice"].shown) \(action["currency"].shown), due \(action["dueOn"].shown)"
    default: "none"
    }
}

extension String {
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}
