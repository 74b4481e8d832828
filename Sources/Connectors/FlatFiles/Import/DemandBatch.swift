import CanonicalModel
import Vocabulary

/// Validated rows of demand, column by column: the n-th element of each is the n-th row.
package struct DemandBatch: Sendable {
    package private(set) var items: [ID<Item>] = []
    package private(set) var locations: [ID<Location>] = []
    package private(set) var dates: [BusinessDate] = []
    package private(set) var quantities: [Quantity] = []
    package private(set) var isCensored: [Bool] = []
    /// How far the file has been read; to be stored in the same transaction as the rows.
    package internal(set) var progress: ImportProgress

    init(progress: ImportProgress, capacity: Int) {
        self.progress = progress
        items.reserveCapacity(capacity)
        locations.reserveCapacity(capacity)
        dates.reserveCapacity(capacity)
        quantities.reserveCapacity(capacity)
        isCensored.reserveCapacity(capacity)
    }

    package var count: Int { items.count }

    package subscript(index: Int) -> Demand {
        Demand(
            item: items[index], location: locations[index], date: dates[index], quantity: quantities[index],
            isCensored: isCensored[index])
    }

    @inline(__always)
    mutating func append(
        item: ID<Item>, location: ID<Location>, date: BusinessDate, quantity: Quantity, isCensored censored: Bool
    ) {
        items.append(item)
        locations.append(location)
        dates.append(date)
        quantities.append(quantity)
        isCensored.append(censored)
    }

    mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
        locations.removeAll(keepingCapacity: true)
        dates.removeAll(keepingCapacity: true)
        quantities.removeAll(keepingCapacity: true)
        isCensored.removeAll(keepingCapacity: true)
    }
}
