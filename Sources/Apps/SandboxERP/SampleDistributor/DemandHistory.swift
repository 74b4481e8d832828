import Foundation
import Vocabulary

/// Sixty weeks of what customers asked for, day by day.
///
/// A day on which nobody asked for an item has no row, as in any ERP.
struct DemandHistory: Sendable {
    let seed: UInt64
    let today: BusinessDate
    let calendars: [ERPLocation]
    let changedAt: Instant

    /// Monday is strong and Friday weak; the five add up to five.
    private static let weekdayFactors: [Weekday: Double] = [
        .monday: 1.25, .tuesday: 1.1, .wednesday: 1.05, .thursday: 1, .friday: 0.6,
    ]

    func records() -> [ERPDemand] {
        Catalogue.lines.flatMap { line in
            Warehouse.all.flatMap { warehouse in records(line, warehouse) }
        }
    }

    private func records(_ line: CatalogueLine, _ warehouse: Warehouse) -> [ERPDemand] {
        guard let calendar = calendars.first(where: { $0.id == warehouse.id })?.calendar else { return [] }
        let randomness = chance(seed, "demand", line.id, warehouse.id)
        let days = line.pattern.weeksOfHistory * 7
        return (1...days).reversed().compactMap { age in
            let day = today.adding(days: -age)
            guard calendar.isOpen(on: day), let factor = Self.weekdayFactors[day.weekday] else { return nil }
            let mean = line.perDay(at: warehouse) * factor * line.pattern.level(on: day, age: age)
            let wanted = line.pattern.draw(mean: mean, randomness)
            guard wanted > 0 else { return nil }
            // Posted at the midnight that ends the day, in UTC.
            let posted = Instant(microseconds: Int64(day.dayNumber + 1) * 86_400_000_000)
            return ERPDemand(
                id: "\(line.id)@\(warehouse.id)/\(day)", changedAt: min(posted, changedAt), item: line.id,
                location: warehouse.id, day: day, unit: line.unit, quantity: Quantity(wanted))
        }
    }
}

extension DemandPattern {
    /// How demand on a day compares with the mean of the year; `age` is days before today.
    fileprivate func level(on day: BusinessDate, age: Int) -> Double {
        switch self {
        case .smooth, .intermittent: return 1
        case .seasonal(let peakWeek, let strength):
            let newYear = BusinessDate(year: day.parts.year, month: 1, day: 1) ?? day
            let week = Double(day.days(since: newYear)) / 7
            return 1 + strength * cos(2 * .pi * (week - Double(peakWeek)) / 52)
        case .trending(let yearly):
            return max(0, 1 - yearly * Double(age) / 365)
        case .new(let weeks):
            let elapsed = Double(weeks * 7 - age) / Double(weeks * 7)
            return 0.3 + 0.7 * elapsed
        }
    }

    /// One day's demand in whole units.
    fileprivate func draw(mean: Double, _ randomness: Randomness) -> Int {
        guard mean > 0 else { return 0 }
        if case .intermittent(let share) = self {
            guard randomness.fraction() < share else { return 0 }
            return 1 + poisson(max(0, mean / share - 1), randomness)
        }
        // Customers differ from day to day by more than chance alone would make them.
        let mood = 1 + 0.2 * standardNormal(randomness)
        return poisson(max(0, mean * mood), randomness)
    }
}

/// Knuth's product of uniforms for small means, the rounded normal for large ones.
private func poisson(_ mean: Double, _ randomness: Randomness) -> Int {
    if mean > 30 { return max(0, Int((mean + mean.squareRoot() * standardNormal(randomness)).rounded())) }
    let threshold = exp(-mean)
    var count = 0
    var product = randomness.fraction()
    while product > threshold {
        count += 1
        product *= randomness.fraction()
    }
    return count
}

/// Box and Muller's transform.
private func standardNormal(_ randomness: Randomness) -> Double {
    let radius = (-2 * log(max(randomness.fraction(), .leastNormalMagnitude))).squareRoot()
    return radius * cos(2 * .pi * randomness.fraction())
}
