import CanonicalModel
import Storage
import Vocabulary

/// Carries what the outside systems' books say into the canonical store, now and then, a little late.
struct Updates {
    let world: World

    func run() async {
        let dice = world.dice.fork()
        while !world.isOver {
            do {
                try await world.scheduler.pause(dice.seconds(5...40))
                try await read()
            } catch { return }
        }
    }

    /// Reads all, and stores it some time after it was read.
    func read() async throws {
        let (books, now) = (world.systems.books, world.scheduler.now)
        try? await world.scheduler.pause(.milliseconds(300))
        try await Self.write(books, into: world.database, at: now)
    }

    static func write(_ books: Books, into database: any Database, at now: Instant) async throws {
        try await database.write { connection in
            try Company.store(
                books.stock.sorted { $0.key < $1.key }.map { place, quantity in
                    Balance(
                        item: place.item, location: place.location, onHand: quantity, onOrder: books.onOrder(at: place))
                }, on: connection, at: now)
            try Company.store(
                books.policies.sorted { $0.key < $1.key }.map { place, levels in
                    InventoryPolicy(item: place.item, location: place.location, levels: levels)
                }, on: connection, at: now)
            try Company.store(books.orders.map(SupplyLine.init), on: connection, at: now)
        }
    }
}

extension Books {
    func onOrder(at place: Place) -> Quantity {
        orders.filter { $0.place == place }.reduce(Quantity.zero) { Quantity(scaled: $0.scaled + $1.quantity.scaled) }
    }
}

extension SupplyLine {
    init(_ order: Books.Order) {
        self.init(
            id: .joining("erp", order.number), order: order.number, kind: .requisition, state: .confirmed,
            item: order.place.item, destination: order.place.location, ordered: order.quantity, dueOn: order.dueOn,
            reference: order.reference)
    }
}
