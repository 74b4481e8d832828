/// An amount of stock, exact to one millionth of a unit.
///
/// Which unit it counts is said beside it: a property of the item (its stocking unit) or of the order line.
public struct Quantity: Decimal6 {
    public let scaled: Int64

    public init(scaled: Int64) {
        self.scaled = scaled
    }
}
