import CanonicalModel
import Foundation
import Gateway
import Replenishment
import Storage
import Vocabulary

/// Which of the positions that are planned are asked for, and from where on.
struct PlannedPage: Sendable {
    static let parameters = ["item", "location", "region", "limit", "after"]

    /// On the position (`t`), its location (`l`) and its item (`i`).
    let condition: SQL
    let after: PositionKey?
    let limit: Int

    init(_ query: RequestQuery, within scope: Scope) throws {
        limit = try query.limit()
        var condition = scope.condition(on: "location")
        if let item: ID<Item> = try query.id("item") { condition = condition + " AND t.item = \(item)" }
        if let location: ID<Location> = try query.id("location") { condition = condition + " AND t.location = \(location)" }
        if let region = query["region"] { condition = condition + " AND l.region = \(region)" }
        self.condition = condition
        after = try query["after"].map(PositionKey.init(cursor:))
    }
}

extension PositionKey {
    /// Its place in the order of a list.
    var cursor: String { ID<InventoryPolicy>.joining(item.rawValue, location.rawValue).rawValue }

    /// - Throws: `input.invalid` when it is not what a page gave as `next`.
    fileprivate init(cursor: String) throws(Fault) {
        let parts = cursor.split(separator: "|").compactMap { String($0).removingPercentEncoding }
        guard parts.count == 2 else { throw .invalid("after", found: cursor, expected: "the next of the page before") }
        self.init(item: try ID(checking: parts[0], field: "after"), location: try ID(checking: parts[1], field: "after"))
    }
}
