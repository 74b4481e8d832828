/// Rows with aligned columns, as the terminal shows them.
struct TextTable {
    let columns: [String]
    var rows: [[String]] = []
    /// A longer cell is cut, so that a row stays a line.
    var widest = 60

    init(_ columns: String...) {
        self.columns = columns
    }

    init(columns: [String]) {
        self.columns = columns
    }

    mutating func add(_ cells: String...) {
        rows.append(cells)
    }

    var text: String {
        let cells = ([columns] + rows).map { row in row.map { $0.count > widest ? $0.prefix(widest - 1) + "…" : $0 } }
        let widths = columns.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
                .joined(separator: "  ").trimmingSuffix()
        }.joined(separator: "\n")
    }
}

extension String {
    fileprivate func trimmingSuffix() -> String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
