import Vocabulary

/// Many rows of demand: each position stands once, and the rows have its number.
///
/// A million rows name some thousand positions. To look a name up once instead of with every row, and to keep no
/// text in a row, is most of the speed of a bulk import.
public struct DemandRows: Sendable {
    public struct Row: Hashable, Sendable {
        /// The index of its position in `positions`.
        public let position: Int32
        public let date: BusinessDate
        /// In stocking units.
        public let quantity: Quantity
        public let observedAt: Instant
        public let isCensored: Bool
    }

    public private(set) var positions: [Position] = []
    public private(set) var rows: [Row] = []
    private var numbers: [Position: Int32] = [:]

    public init(capacity: Int = 0) {
        rows.reserveCapacity(capacity)
    }

    public var count: Int { rows.count }

    public subscript(index: Int) -> Demand {
        let row = rows[index]
        let position = positions[Int(row.position)]
        return Demand(
            item: position.item, location: position.location, date: row.date, quantity: row.quantity,
            isCensored: row.isCensored)
    }

    /// The number of a position, which is new or known.
    public mutating func number(of position: Position) -> Int32 {
        if let number = numbers[position] { return number }
        let number = Int32(positions.count)
        numbers[position] = number
        positions.append(position)
        return number
    }

    /// - Parameter position: a number that `number(of:)` gave.
    public mutating func append(
        position: Int32, date: BusinessDate, quantity: Quantity, isCensored: Bool, observedAt: Instant
    ) {
        rows.append(
            Row(position: position, date: date, quantity: quantity, observedAt: observedAt, isCensored: isCensored))
    }

    public mutating func append(_ demand: Demand, observedAt: Instant) {
        append(
            position: number(of: Position(demand.item, demand.location)), date: demand.date, quantity: demand.quantity,
            isCensored: demand.isCensored, observedAt: observedAt)
    }

    /// The rows that are not valid by their index, each with what is wrong with it.
    public func refusals() -> [(index: Int, violations: [Violation])] {
        let isNamed = positions.map { position in
            identifierComplaint(about: position.item.rawValue) == nil
                && identifierComplaint(about: position.location.rawValue) == nil
        }
        var refusals: [(index: Int, violations: [Violation])] = []
        for index in rows.indices where rows[index].quantity < .zero || !isNamed[Int(rows[index].position)] {
            refusals.append((index, self[index].violations()))
        }
        return refusals
    }

    /// Without some rows; their positions stay.
    public func removing(_ indices: Set<Int>) -> DemandRows {
        guard !indices.isEmpty else { return self }
        var kept = self
        kept.rows = rows.indices.filter { !indices.contains($0) }.map { rows[$0] }
        return kept
    }
}
