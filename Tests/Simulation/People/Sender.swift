import CanonicalModel
import Replenishment
import Vocabulary

/// A planning system that hands recommendations in until each is acknowledged; some twice, some late, some spoilt.
struct Sender {
    let world: World
    let dice: Dice

    func run() async {
        let end = world.weather.storm.inSeconds * 0.8 / Double(max(1, world.weather.recommendations))
        for number in 0..<world.weather.recommendations {
            do {
                try await world.scheduler.pause(dice.seconds(0...(2 * end)))
                try await deliver(recommendation(number))
            } catch { return }
        }
    }

    /// Tries again, at whatever process there is, until one acknowledges.
    private func deliver(_ recommendation: Recommendation) async throws {
        while true {
            do {
                if let receipt = try await receipt(for: recommendation) {
                    guard receipt.kind != .refused else {
                        world.complain("\(recommendation.id) was refused: \(receipt)")
                        return
                    }
                    world.say("\(recommendation.id) is acknowledged: \(receipt.kind.rawValue)")
                    world.acknowledge(recommendation.id.rawValue)
                    if dice.chance(0.2) { await repeatItself(recommendation) }
                    return
                }
            } catch {
                world.say("\(recommendation.id) got no answer")
            }
            try await world.scheduler.pause(dice.seconds(0.5...3))
        }
    }

    private func receipt(for recommendation: Recommendation) async throws -> Receipt? {
        try await world.ask(dice) { services in try await Intake(services).accept([recommendation], by: "model") }?.first
    }

    /// The same once more is a duplicate; another content under its name is refused. Each may get no answer.
    private func repeatItself(_ recommendation: Recommendation) async {
        let spoilt = dice.chance(0.5)
        let sent = spoilt ? altered(recommendation) : recommendation
        guard let receipt = try? await receipt(for: sent) else { return }
        if receipt.kind != (spoilt ? .refused : .duplicate) {
            world.complain("\(recommendation.id) handed in again\(spoilt ? ", altered," : "") was \(receipt.kind.rawValue)")
        }
    }

    private func altered(_ one: Recommendation) -> Recommendation {
        Recommendation(
            id: one.id, source: one.source, item: one.item, location: one.location, proposal: one.proposal,
            assumptions: Assumptions(onHand: Quantity(123_457)), madeAt: one.madeAt)
    }

    private func recommendation(_ number: Int) -> Recommendation {
        let places = ["east", "east", "north", "south"]
        let place = Books.Place(item: dice.one(of: Company.items), location: ID(dice.one(of: places)))
        let today = TimeZoneName.utc.date(at: world.scheduler.now)
        let proposal: Proposal
        if dice.chance(0.3) {
            let point = dice.number(90...130)
            proposal = .policy(
                PolicyLevels(
                    reorderPoint: Quantity(point), safetyStock: Quantity(40), orderUpTo: Quantity(point + 100)))
        } else {
            // One in twenty is beyond all reckoning.
            let quantity = dice.chance(0.05) ? 9_000_000_000_000 : dice.number(20...300)
            proposal = .replenishment(
                .init(quantity: Quantity(quantity), unit: .piece, neededBy: today.adding(days: dice.number(2...20))))
        }
        let assumptions = dice.chance(0.5) ? Assumptions(onHand: world.systems.books.stock[place]) : Assumptions()
        // A late one was made before those that came earlier.
        let late = dice.chance(0.2) ? dice.seconds(1...60) : .zero
        return Recommendation(
            id: ID("rec-\(number)"), source: "model", item: place.item, location: place.location, proposal: proposal,
            assumptions: assumptions, madeAt: world.scheduler.now - late, proposedBy: dice.chance(0.2) ? "maria" : nil)
    }
}
