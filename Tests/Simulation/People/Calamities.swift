import CanonicalModel
import Vocabulary

/// What befalls machines, systems and the market while the storm lasts.
struct Calamities {
    let world: World
    let weather: Weather
    let dice: Dice

    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await every(weather.stallEvery) { try await stall() } }
            group.addTask { await every(weather.setsClocks ? 40 : nil) { setClock() } }
            group.addTask { await every(weather.leapEvery) { leap() } }
            group.addTask { await every(weather.manners.outageEvery) { try await darken() } }
            group.addTask { await every(weather.surpriseEvery) { surprise() } }
        }
    }

    private func every(_ seconds: Double?, _ happening: () async throws -> Void) async {
        guard let seconds else { return }
        while world.isStormy {
            do {
                try await world.scheduler.pause(dice.seconds(0.3 * seconds...1.7 * seconds))
                guard world.isStormy else { return }
                try await happening()
            } catch { return }
        }
    }

    /// SIGSTOP, and SIGCONT later: everybody takes the process for dead, and it does not know.
    private func stall() async throws {
        let machine = dice.one(of: world.machines)
        guard !machine.strand.isHeld, let life = machine.process?.life else { return }
        world.say("\(life.name) is stopped")
        world.trace.count("stall")
        machine.strand.isHeld = true
        try await world.scheduler.pause(dice.seconds(1...120))
        machine.strand.isHeld = false
        world.say("\(life.name) goes on")
    }

    private func setClock() {
        let machine = dice.one(of: world.machines)
        machine.skew = .microseconds(Int64((dice.randomness.fraction() * 2 - 1) * max(5, weather.skew) * 1_000_000))
        world.trace.count("clockSet")
        world.say("a clock is set to \(machine.skew.inSeconds) s off")
    }

    private func leap() {
        let time = dice.seconds(1800...9000)
        world.scheduler.leap(by: time)
        world.trace.count("leap")
        world.say("all time leaps by \(time.inSeconds) s")
    }

    private func darken() async throws {
        let system = dice.one(of: Company.systems).id
        let before = world.scheduler.now
        world.systems.setDark(system, true)
        world.say("\(system) is dark")
        world.trace.count("outage")
        try await world.scheduler.pause(dice.seconds(2...60))
        if dice.chance(weather.manners.restore) {
            let locations = Set(Company.locations.filter { $0.system == system }.map(\.id))
            world.systems.change { books in
                let gone = books.restore(to: before - .seconds(20), locations: locations)
                if gone > 0 { world.trace.count("restoredBackup") }
            }
            world.say("\(system) is restored from a backup")
        }
        world.systems.setDark(system, false)
    }

    /// Somebody orders by hand or buys, and we only hear of it with the next feed.
    private func surprise() {
        let place = Books.Place(item: dice.one(of: Company.items), location: ID(dice.one(of: ["east", "north", "south"])))
        let today = TimeZoneName.utc.date(at: world.scheduler.now)
        let (quantity, orders) = (dice.number(10...120), dice.chance(0.4))
        world.systems.change { books in
            if orders {
                books.order(quantity, to: place, dueOn: today.adding(days: 4))
            } else {
                books.sell(quantity, at: place)
            }
        }
        world.trace.count("surprise")
        world.say("\(quantity) \(place.item) are \(orders ? "ordered by hand" : "sold") at \(place.location)")
    }
}
