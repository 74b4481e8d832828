import CanonicalModel

/// What all rows of a file have in common.
struct RowValuesTemplate {
    private let columns: [Column]
    private let positions: [String: Int]
    private let isRequired: [Bool]
    private let written: [String]
    private let names: Crosswalk

    /// - Parameter written: the columns' headers as the sender wrote them.
    init(_ columns: [Column], written: [String], names: Crosswalk) {
        self.columns = columns
        self.written = written
        self.names = names
        positions = Dictionary(columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        isRequired = columns.map(\.isRequired)
    }

    func row(_ number: Int) -> RowValues {
        RowValues(
            columns: positions, isRequired: isRequired, written: written, names: names, row: number,
            cells: Array(repeating: nil, count: columns.count))
    }

    func names(_ index: Int) -> String { columns[index].name }
}
