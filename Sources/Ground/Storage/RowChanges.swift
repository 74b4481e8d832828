/// Changes of many rows of one table, each found by its key and made only where the row still is as it was seen.
package struct RowChanges: Sendable {
    package struct Change: Sendable {
        let key: [SQLValue]
        let seen: [SQLValue]
        let values: [SQLValue]

        /// - Parameters: one value for each of the columns that the changes name, in their order.
        package init(key: [SQLValue], seen: [SQLValue] = [], values: [SQLValue]) {
            self.key = key
            self.seen = seen
            self.values = values
        }
    }

    fileprivate let table: String
    fileprivate let key: [String]
    fileprivate let seen: [String]
    fileprivate let set: [String]
    fileprivate let condition: SQL?
    fileprivate let changes: [Change]

    /// - Parameters:
    ///   - key: the columns that find a row, none of them NULL.
    ///   - seen: the columns that still have to hold what was seen; NULL is met by NULL.
    ///   - condition: what else must be so, without values that differ from row to row.
    package init(
        of table: String, key: [String], seen: [String] = [], set: [String], where condition: SQL? = nil, _ changes: [Change]
    ) {
        self.table = table
        self.key = key
        self.seen = seen
        self.set = set
        self.condition = condition
        self.changes = changes
    }
}

extension Connection {
    /// Makes many changes at once: a prepared loop on SQLite, one statement on PostgreSQL, whichever rows there are.
    ///
    /// - Precondition: no row is named twice.
    /// - Returns: for each change, in order, whether it was made.
    package func change(_ rows: RowChanges) throws -> [Bool] {
        guard !rows.changes.isEmpty else { return [] }
        switch dialect.name {
        case .sqlite: return try run(forEach: rows.changes, rows.single).map { $0 == 1 }
        case .postgres:
            var made = [Bool](repeating: false, count: rows.changes.count)
            for number in try values(rows.whole, as: Int.self) { made[number - 1] = true }
            return made
        }
    }
}

extension RowChanges {
    /// One change as a statement of its own.
    fileprivate func single(_ change: Change) -> SQL {
        let values = zip(set, change.values).map { column, value -> SQL in "\(identifier: column) = \(value)" }
        let keys = zip(key, change.key).map { column, value -> SQL in "\(identifier: column) = \(value)" }
        let guards = zip(seen, change.seen).map { column, value -> SQL in "\(identifier: column) IS \(value)" }
        return """
            UPDATE \(identifier: table) SET \(.joined(values, separator: ", "))
            WHERE \(.joined(keys + guards + [condition].compactMap(\.self), separator: " AND "))
            """
    }

    /// All changes as one statement, which answers the numbers of those that were made, counted from 1.
    ///
    /// What is the same in all rows travels once; the rest, and the keys, as one list a column.
    fileprivate var whole: SQL {
        var lists: [SQL] = []
        func column(_ cells: [SQLValue], isKey: Bool = false) -> SQL {
            let first = cells.first ?? .null
            if !isKey, cells.allSatisfy({ $0 == first }) { return first == .null ? "NULL" : "\(first)" }
            lists.append(.list(cells))
            return "w.\(identifier: "w\(lists.count)")"
        }
        let keys = key.enumerated().map { index, name -> SQL in
            "t.\(identifier: name) = \(column(changes.map { $0.key[index] }, isKey: true))"
        }
        let guards = seen.enumerated().map { index, name -> SQL in
            "t.\(identifier: name) IS NOT DISTINCT FROM \(column(changes.map { $0.seen[index] }))"
        }
        let values = set.enumerated().map { index, name -> SQL in
            "\(identifier: name) = \(column(changes.map { $0.values[index] }))"
        }
        // Asked of a row and its change together, this is asked once the row was found by its key; asked of the row alone, it
        // would send a database that knows nothing of the table through all of it for each change.
        let rest: SQL = .joined(["TRUE"] + guards + [condition].compactMap(\.self), separator: " AND ")
        return """
            UPDATE \(identifier: table) AS t SET \(.joined(values, separator: ", "))
            FROM unnest(\(.joined(lists, separator: ", "))) WITH ORDINALITY AS w (\(names(upTo: lists.count)), w_number)
            WHERE \(.joined(keys, separator: " AND ")) AND CASE WHEN w.w_number > 0 THEN \(rest) ELSE FALSE END
            RETURNING w.w_number
            """
    }

    private func names(upTo count: Int) -> SQL {
        .joined((1...count).map { "\(identifier: "w\($0)")" }, separator: ", ")
    }
}
