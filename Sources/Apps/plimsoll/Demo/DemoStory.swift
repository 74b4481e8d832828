import Foundation
import Server
import Vocabulary

/// The story of the main job, on whatever ERP there is.
struct DemoStory {
    let world: DemoWorld
    var stage: Stage

    mutating func tell() async throws {
        try await synchronize()
        try await forecast()
        let goods = try await approveEachKind()
        try await loseAnAnswer(but: goods)
        try await raiseAnOrderByHand()
        stage.begin("What waits for people")
        let open = try await world.planner.get("/consumption/v1/exceptions?open=true")["exceptions"].list
        stage.tell(
            open.prefix(5).map {
                "\($0["kind"].shown), for \($0["team"].shown), due \($0["dueAt"].shown): \($0["summary"].shown)"
            }.joined(separator: "\n"))
        if let ledger = try await world.erp.ledger() {
            stage.begin("The ERP's own count")
            stage.tell(ledger)
        }
    }

    private mutating func synchronize() async throws {
        stage.begin("Stock, orders and demand come in")
        let summary = try await world.administrator.post("/system/v1/systems/erp/sync")
        var table = TextTable("feed", "rows", "created", "refused")
        for feed in summary["feeds"].list {
            table.add(feed["feed"].shown, feed["rows"].shown, feed["created"].shown, feed["refused"].shown)
        }
        stage.tell(table.text)
        let faults = summary["feeds"].list.filter { $0["fault"] != .null }
        guard faults.isEmpty else {
            throw CommandFailure(message: "A feed could not be read: \(faults.map { $0["fault.message"].shown })", code: .wrong)
        }
    }

    private mutating func forecast() async throws {
        stage.begin("A forecast cycle: demand is forecast, policies and goods are recommended")
        let began = WallClock.system.now()
        let opened = try await world.administrator.post("/process/v1/cycles", .object(["plan": .string("network")]))
        let path = "/process/v1/cycles/\(escaped(opened["id"].shown))"
        _ = try await world.administrator.post(path + "/run")
        _ = try await followRun(path, world.administrator)
        let cycle = try await world.administrator.post(path + "/close")
        stage.tell("\(cycleText(cycle))\nin \((WallClock.system.now() - began).inSeconds) s")
        for _ in 0..<300 {
            let waiting = try await world.planner.get("/process/v1/recommendations?state=received&limit=1")["recommendations"]
                .list
            if waiting.isEmpty { break }
            try await Task.sleep(for: .milliseconds(200))
        }
        var table = TextTable("state", "recommendations")
        for state in ["awaitingApproval", "approved", "done", "held", "rejected", "superseded"] {
            let rows = try await world.planner.get("/process/v1/recommendations?state=\(state)&limit=1000")["recommendations"]
                .list
            if !rows.isEmpty { table.add(state, "\(rows.count)") }
        }
        stage.tell(table.text)
    }

    /// One action of each kind, explained, approved by maria and found in the ERP's books.
    ///
    /// - Returns: the recommendations that were used.
    private mutating func approveEachKind() async throws -> Set<String> {
        var used: Set<String> = []
        for (kind, title) in [
            ("createTransfer", "A transfer that costs less than buying"), ("createPurchaseProposal", "Goods asked of a supplier"),
            ("setInventoryPolicy", "A policy that follows the demand"),
        ] {
            stage.begin(title)
            guard let row = try await world.waiting(kind).first else {
                stage.tell("Nothing of this kind waits for approval.")
                continue
            }
            let id = row["id"].shown
            used.insert(id)
            let path = "/consumption/v1/recommendations/\(escaped(id))/explanation"
            stage.tell(explanationText(try await world.planner.get(path)))
            _ = try await world.approve(row, stage.tell)
            let done = try await world.wait(for: id, "done", "held", "deadLetter")
            let found = try await world.erp.documents(of: done)
            stage.tell(
                "It is \(done["state"].shown): \(done["reason"].shown)\nThe ERP's own books have under "
                    + "\(done["reference"].shown): \(found.joined(separator: ", "))"
            )
            guard done["state"].string == "done", found.count == 1 else {
                throw CommandFailure(message: "The action is not in the ERP exactly once.", code: .wrong)
            }
        }
        return used
    }

    /// The answer to one request is lost after the ERP did it: nobody can know, so it is read back.
    private mutating func loseAnAnswer(but used: Set<String>) async throws {
        let goods = try await world.waiting("createPurchaseProposal") + world.waiting("createTransfer")
        guard let row = goods.first(where: { !used.contains($0["id"].shown) }), try await world.erp.loseNextAnswer() else {
            return
        }
        stage.begin("The connection breaks after the ERP has done it")
        _ = try await world.approve(row, stage.tell)
        _ = try await world.wait(for: row["id"].shown, "unknown", "done")
        stage.tell("Done or not done? Nobody can tell: the state is unknown, and nothing is sent again.")
        let settled = try await world.wait(for: row["id"].shown, "done", "held", "deadLetter")
        let found = try await world.erp.documents(of: settled)
        stage.tell("\(settled["reason"].shown)\nIn the ERP's books: \(found.joined(separator: ", "))")
        guard found.count == 1 else { throw CommandFailure(message: "The action is not in the ERP exactly once.", code: .wrong) }
    }

    /// Somebody orders by hand what was decided already: the fence notices before anything is sent.
    private mutating func raiseAnOrderByHand() async throws {
        let waiting = try await world.waiting("createPurchaseProposal")
        guard let row = waiting.last(where: { $0["action.unit"].string == UnitCode.piece.rawValue }) else { return }
        stage.begin("A buyer orders the same by hand, before maria approves")
        let action = row["action"]
        let number = try await world.erp.orderByHand(
            item: action["item"].shown, location: action["location"].shown, quantity: action["quantities.0"].shown,
            unit: action["unit"].shown, supplier: action["supplier"].shown, dueInDays: 1)
        stage.tell(
            "Order \(number) for \(action["quantities.0"].shown) of \(action["item"].shown) is in the ERP; Plimsoll reads it.")
        _ = try await world.administrator.post("/system/v1/systems/erp/sync")
        let answer = try await world.approve(row, stage.tell)
        guard answer["state"].string == "held" else {
            throw CommandFailure(message: "The fence let an action pass that an order by hand had made needless.", code: .wrong)
        }
    }

    /// The server is stopped; the chain is checked by a command of its own.
    mutating func verifyAudit() async throws {
        stage.begin("Proof")
        let report = try await AuditBook.verify(try ServerConfiguration.read(path: world.configuration, environment: [:]))
        stage.tell(report.text)
        guard report.isSound else { throw CommandFailure(message: "The audit chain does not verify.", code: .wrong) }
    }
}
