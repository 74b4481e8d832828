import Vocabulary

/// How hard the world is: which faults come, and how often. A seed draws its own; a scenario sets what it needs.
package struct Weather: Sendable {
    /// Processes of ours on the one database.
    package var replicas = 3
    /// The time in which faults happen; afterwards the world is kind, and everything has to come to rest.
    package var storm = Duration.seconds(240)
    package var recommendations = 14

    /// That a process ends as by `kill -9` when it passes a failpoint or a transaction.
    package var crash = 0.0
    /// Seconds between two stops of a process (SIGSTOP, then SIGCONT up to two minutes later); nil for never.
    package var stallEvery: Double?
    /// How far a machine's clock may be off, in seconds, and whether it is set while it runs.
    package var skew = 0.0
    package var setsClocks = false
    /// Seconds between two leaps of all time by an hour or more, in which approvals go stale; nil for never.
    package var leapEvery: Double?

    /// That a transaction or one of its statements fails, and nothing is kept.
    package var storageFailure = 0.0
    /// That the connection breaks after COMMIT was sent: kept or not, only a look tells.
    package var commitUnknown = 0.0
    /// That the database undoes a transaction, and it is run again.
    package var serialization = 0.0
    /// That a transaction waits for up to two seconds.
    package var slowStorage = 0.0

    package var manners = Manners()
    /// That a person clicks twice, comes late, has no business here, or changes their mind.
    package var clumsiness = 0.0
    /// Seconds between two changes of the facts that nobody told us of: an order by hand, a sale.
    package var surpriseEvery: Double?

    package init() {}

    /// Nothing goes wrong.
    package static let calm = Weather()

    /// What a seed brings.
    package static func drawn(by dice: Dice) -> Weather {
        var weather = Weather()
        weather.replicas = dice.number(1...4)
        weather.storm = dice.seconds(60...300)
        weather.recommendations = dice.number(4...24)
        if dice.chance(0.7) { weather.crash = 0.005 * Double(dice.number(1...8)) }
        if dice.chance(0.5) { weather.stallEvery = Double(dice.number(10...120)) }
        if dice.chance(0.5) { weather.skew = Double(dice.one(of: [1, 30, 600, 3600])) }
        weather.setsClocks = dice.chance(0.3)
        if dice.chance(0.2) { weather.leapEvery = Double(dice.number(60...200)) }
        if dice.chance(0.5) { weather.storageFailure = 0.005 * Double(dice.number(1...8)) }
        if dice.chance(0.5) { weather.commitUnknown = 0.005 * Double(dice.number(1...8)) }
        if dice.chance(0.4) { weather.serialization = 0.1 }
        if dice.chance(0.4) { weather.slowStorage = 0.1 }
        if dice.chance(0.8) { weather.manners = .drawn(by: dice) }
        if dice.chance(0.6) { weather.clumsiness = 0.3 }
        if dice.chance(0.6) { weather.surpriseEvery = Double(dice.number(15...90)) }
        return weather
    }

    /// The same for a fifth of the time and a third of the recommendations.
    package var short: Weather {
        var weather = self
        weather.storm = storm / 5
        weather.recommendations = max(3, recommendations / 3)
        return weather
    }
}

/// How outside systems behave: the share of calls that end in each way; the rest is answered well and soon.
package struct Manners: Sendable {
    /// Answers well, after seconds or minutes.
    package var slow = 0.0
    /// Says 500 and has done nothing.
    package var fail = 0.0
    /// Has done it, and says 500.
    package var applyAndFail = 0.0
    /// The request is lost.
    package var loseRequest = 0.0
    /// It is done, and the answer is lost.
    package var loseAnswer = 0.0
    /// No answer, and it is done later, within the time that the system says it may take.
    package var applyLate = 0.0
    /// Says 429, with a time, or 503 without one that nothing was begun.
    package var throttle = 0.0
    /// Says no for good.
    package var refuse = 0.0
    /// Asks for a person.
    package var refer = 0.0
    /// Seconds between two times in which the system cannot be asked anything; nil for never.
    package var outageEvery: Double?
    /// That it is restored from a backup at the end of an outage, so that its last effects are gone.
    package var restore = 0.0

    package init() {}

    package static func drawn(by dice: Dice) -> Manners {
        var manners = Manners()
        let ways: [WritableKeyPath<Manners, Double>] = [
            \.slow, \.fail, \.applyAndFail, \.loseRequest, \.loseAnswer, \.applyLate, \.throttle,
        ]
        for way in ways where dice.chance(0.5) { manners[keyPath: way] = 0.05 * Double(dice.number(1...3)) }
        if dice.chance(0.4) { manners.refuse = 0.05 }
        if dice.chance(0.4) { manners.refer = 0.05 }
        if dice.chance(0.3) { manners.outageEvery = Double(dice.number(40...150)) }
        if dice.chance(0.3) { manners.restore = 0.3 }
        return manners
    }
}
