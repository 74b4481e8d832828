import CanonicalModel
import Governance
import Replenishment
import Vocabulary

/// A person who approves, rejects, and settles what machines cannot, sometimes clumsily.
struct Desk {
    let world: World
    let name: String
    let dice: Dice

    private var me: Approver {
        Approver(person: ID(name), roles: name == "maria" ? ["planner", "buyer"] : ["buyer", "operations"])
    }

    func run() async {
        while !world.isOver {
            do {
                try await world.scheduler.pause(dice.seconds(2...25))
                try await lookAround()
            } catch is CancellationError { return } catch {}
        }
    }

    private func lookAround() async throws {
        let rows = try await world.ask(dice) { services in
            try await Browsing(services).rows(Browsing.Filter(states: [.awaitingApproval, .held, .deadLetter]), limit: 50)
        }
        guard let rows, !rows.isEmpty else { return }
        // After the storm everything is worked off; before, one thing at a time.
        for row in world.isStormy ? [dice.one(of: rows)] : rows.sorted(by: { $0.id < $1.id }) {
            do {
                _ = try await world.ask(dice) { services in try await take(up: row, services) }
                world.say("\(name) took up \(row.id), which was \(row.state.rawValue)")
            } catch let fault as Fault { world.say("\(name) is told \(fault.code) of \(row.id)") }
        }
    }

    private var isClumsy: Bool { dice.chance(world.weather.clumsiness) }

    private func take(up row: ReplenishmentRow, _ services: FlowServices) async throws {
        let desk = ApprovalDesk(services)
        switch row.state {
        case .awaitingApproval:
            if isClumsy { return try await fumble(row, desk) }
            _ = try await desk.approve(row.id, decision: row.decision ?? "none", by: me)
        case .held where ["unsettled", "different", "vanished"].contains { row.fault == "replenishment.\($0)" }:
            try await settle(row, desk)
        case .held:
            if dice.chance(0.5), world.isStormy {
                _ = try await desk.decideAgain(row.id, by: me, reason: "Look again.")
            } else {
                _ = try await desk.reject(row.id, by: me, reason: "No longer needed.")
            }
        case .deadLetter:
            guard row.replays < 2 else { _ = try await desk.reject(row.id, by: me, reason: "Given up."); return }
            _ = try await DeadLetters(services).retry(row.id, by: name)
            // A double click.
            if isClumsy { _ = try await DeadLetters(services).retry(row.id, by: name) }
        default: return
        }
    }

    /// Looks into the books of the outside system once nothing can change there any more.
    private func settle(_ row: ReplenishmentRow, _ desk: ApprovalDesk) async throws {
        let left = world.systems.lastDeparture(row.reference.rawValue) ?? World.start
        guard world.scheduler.now - left > Company.settles, let action = row.action else { return }
        let isThere = world.systems.books.holds(row.reference.rawValue, action)
        _ = try await desk.settle(row.id, wasDone: isThere, by: me, reason: "Looked it up.")
    }

    private func fumble(_ row: ReplenishmentRow, _ desk: ApprovalDesk) async throws {
        let decision = row.decision ?? "none"
        switch dice.number(0...3) {
        case 0:
            async let first = desk.approve(row.id, decision: decision, by: me)
            async let second = desk.approve(row.id, decision: decision, by: me)
            _ = try await (first, second)
        case 1:
            async let yes = desk.approve(row.id, decision: decision, by: me)
            async let no = desk.reject(row.id, by: me, reason: "On second thoughts.")
            _ = try await (yes, no)
        case 2:
            _ = try await desk.approve(row.id, decision: decision, by: Approver(person: "guest", roles: ["viewer"]))
            world.complain("a guest approved \(row.id)")
        default:
            _ = try await desk.approve(row.id, decision: "another", by: me)
            world.complain("\(row.id) was approved on another decision")
        }
    }
}
