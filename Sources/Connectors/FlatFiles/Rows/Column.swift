/// One column that a feed's files may have.
package struct Column: Hashable, Sendable {
    /// The path of the entity's field: `quantity`, `levels.reorderPoint`.
    package let name: String
    package let isRequired: Bool
    /// What its cells hold, for the documentation and for complaints.
    package let meaning: String

    package static func required(_ name: String, _ meaning: String) -> Column {
        Column(name: name, isRequired: true, meaning: meaning)
    }

    package static func optional(_ name: String, _ meaning: String) -> Column {
        Column(name: name, isRequired: false, meaning: meaning)
    }

    /// The last part of the path, by which a column may be called where no other ends so.
    var shortName: Substring { name.split(separator: ".").last ?? "" }
}

/// How the rows of one kind of file become entities.
package struct RowMapping<Entity: Sendable>: Sendable {
    package let columns: [Column]
    /// Reads one row; nil when it is not valid, and then the row's values hold the violations.
    package let read: @Sendable (inout RowValues) -> Entity?

    package init(_ columns: [Column], read: @escaping @Sendable (inout RowValues) -> Entity?) {
        self.columns = columns
        self.read = read
    }
}
