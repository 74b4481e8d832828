import Replenishment
import Storage
import StorageSQLite
import Synchronization
import Vocabulary

/// Everything that one seed brings to life: machines, outside systems, people, and the database between them.
package final class World: Sendable {
    /// 2026-03-02T08:00:00Z, a Monday.
    package static let start = Instant(microseconds: 1_772_438_400_000_000)

    static let settings: FlowSettings = {
        var settings = FlowSettings()
        settings.attempts = 4
        settings.longestPause = .seconds(40)
        settings.callTimeout = .seconds(20)
        settings.reviewEvery = .seconds(120)
        settings.rates = .init(orderCost: 60)
        return settings
    }()

    let scheduler: Scheduler
    package let trace: Trace
    package let database: any Database
    package let systems: SimulatedSystems
    package let sabotage: Sabotage
    let machines: [Machine]
    let dice: Dice
    private let storm: Weather
    private let manners: Current
    private let state = Mutex((isStormy: true, isOver: false, complaints: [String](), acknowledged: [String]()))

    init(_ seed: UInt64, _ weather: Weather?, _ sabotage: Sabotage, stepLimit: Int, keepingLines: Bool) throws {
        let dice = Dice(seed)
        let weather = weather ?? .drawn(by: dice.fork())
        let trace = Trace(keepingLines: keepingLines)
        let scheduler = Scheduler(from: World.start, dice: dice.fork(), trace: trace, stepLimit: stepLimit)
        let manners = Current(weather.manners)
        (self.dice, self.trace, self.scheduler, self.sabotage, storm) = (dice, trace, scheduler, sabotage, weather)
        database = try SQLiteDatabase.inMemory(from: try Beginning.database.get()) { scheduler.now }
        self.manners = manners
        systems = SimulatedSystems(scheduler: scheduler, trace: trace, dice: dice.fork()) { manners.value }
        machines = (0..<weather.replicas).map { number in
            let skew = Duration.microseconds(Int64((dice.randomness.fraction() * 2 - 1) * weather.skew * 1_000_000))
            return Machine(number, strand: Strand(UInt64(number + 1), of: scheduler), dice: dice.fork(), skew: skew)
        }
    }

    /// What blows now.
    var weather: Weather { state.withLock { $0.isStormy } ? storm : .calm }
    var isOver: Bool { state.withLock { $0.isOver } }
    var isStormy: Bool { state.withLock { $0.isStormy } }
    package var complaints: [String] { state.withLock { $0.complaints } }
    package var acknowledged: [String] { state.withLock { $0.acknowledged } }

    func say(_ text: String) { trace.say(text, at: scheduler.now) }
    func complain(_ text: String) { state.withLock { $0.complaints.append(text) } }
    func acknowledge(_ id: String) { state.withLock { $0.acknowledged.append(id) } }
}

/// How the outside systems behave at the moment.
private final class Current: Sendable {
    private let manners: Mutex<Manners>

    init(_ manners: Manners) {
        self.manners = Mutex(manners)
    }

    var value: Manners {
        get { manners.withLock { $0 } }
        set { manners.withLock { $0 = newValue } }
    }
}

extension World {
    /// Tells the world from its first moment to its last.
    func tell() throws {
        try scheduler.run(in: Strand(0, of: scheduler)) { [self] in
            do {
                try await database.write { [sabotage] connection in
                    for statement in sabotage.schema { try connection.run(statement) }
                }
                await live()
            } catch {
                complain("The world could not begin: \(error)")
            }
        }
    }

    private func live() async {
        await withDiscardingTaskGroup { group in
            for machine in machines {
                group.addTask(executorPreference: machine.strand) { await machine.run(in: self) }
            }
            group.addTask { await Updates(world: self).run() }
            group.addTask { await Sender(world: self, dice: self.dice.fork()).run() }
            for name in ["maria", "otto", "lena"] {
                group.addTask { await Desk(world: self, name: name, dice: self.dice.fork()).run() }
            }
            group.addTask { await Calamities(world: self, weather: self.storm, dice: self.dice.fork()).run() }
            try? await scheduler.pause(storm.storm)
            calmDown()
            await settleDown()
            state.withLock { $0.isOver = true }
            for machine in machines { machine.process?.life.end("ends with the world") }
            group.cancelAll()
        }
    }

    private func calmDown() {
        say("the storm is over")
        state.withLock { $0.isStormy = false }
        manners.value = Manners()
        for machine in machines { machine.strand.isHeld = false }
        for system in Company.systems { systems.setDark(system.id, false) }
    }

    /// Waits until nothing is open any more, at most one hour.
    private func settleDown() async {
        let limit = scheduler.now + .hours(1)
        while scheduler.now < limit {
            try? await scheduler.pause(.seconds(10))
            let open = try? await database.read { connection in
                try connection.value(
                    "SELECT COUNT(*) FROM replenishment WHERE state NOT IN ('done', 'rejected', 'superseded', 'expired')",
                    as: Int.self)
            }
            if open == 0, acknowledged.count >= storm.recommendations { return }
        }
        say("not everything came to rest")
    }
}
