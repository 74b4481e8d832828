import Vocabulary

/// What has to be written so that what was brought stands beside what was there.
struct DemandPlan {
    private(set) var added: [DemandCell] = []
    private(set) var changed: [DemandCell] = []
    private(set) var confirmed: [ConfirmedDays] = []
    private(set) var unchanged = 0
    private(set) var stale = 0

    /// Days of a series whose rows say what was brought: only the instant of their last sighting moves.
    struct ConfirmedDays {
        let series: Int64
        let firstDay: Int
        let lastDay: Int
        let observedAt: Instant
    }

    /// - Parameter present: all rows that are there from the stretch's first day to its last, in order.
    mutating func compare(_ stretch: DemandStretch, with present: [PresentCell]) {
        var single: [DemandCell] = []
        var position = present.startIndex
        for cell in stretch.cells {
            while position < present.endIndex, present[position].day < cell.day { position += 1 }
            guard position < present.endIndex, present[position].day == cell.day else {
                added.append(cell)
                continue
            }
            let other = present[position]
            let isNewer = cell.observedAt > other.observedAt
            if cell.quantity == other.quantity, cell.isCensored == other.isCensored {
                unchanged += 1
                if isNewer, other.isOwn { single.append(cell) }
            } else if isNewer || other.isOwn && cell.observedAt == other.observedAt {
                changed.append(cell)
            } else {
                stale += 1
            }
        }
        confirm(single, of: present.count)
    }

    /// A whole stretch seen again, as when a file is loaded twice, is one statement.
    private mutating func confirm(_ cells: [DemandCell], of count: Int) {
        guard let first = cells.first, let last = cells.last else { return }
        if cells.count == count, cells.allSatisfy({ $0.observedAt == first.observedAt }) {
            confirmed.append(
                ConfirmedDays(
                    series: first.series, firstDay: Int(first.day), lastDay: Int(last.day), observedAt: first.observedAt))
        } else {
            confirmed += cells.map {
                ConfirmedDays(series: $0.series, firstDay: Int($0.day), lastDay: Int($0.day), observedAt: $0.observedAt)
            }
        }
    }
}
