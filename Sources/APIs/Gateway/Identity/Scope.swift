import CanonicalModel
import Storage
import Vocabulary

/// The locations that a principal may see and act on.
///
/// What lies outside it does not exist for the principal: lists leave it out, and asking for it by name finds nothing.
package struct Scope: Codable, Hashable, Sendable {
    /// The regions all of whose locations are within.
    package var regions: [String]
    package var locations: [ID<Location>]

    package init(regions: [String] = [], locations: [ID<Location>] = []) {
        self.regions = regions
        self.locations = locations
    }

    package static let everywhere = Scope()

    package var isEverywhere: Bool { regions.isEmpty && locations.isEmpty }

    /// The condition under which a row is within.
    ///
    /// - Parameters:
    ///   - column: the column with the row's location.
    ///   - orNone: whether a row without a location, which is for all of them, is within.
    package func condition(on column: String, orNone: Bool = false) -> SQL {
        if isEverywhere { return "1 = 1" }
        let within: SQL = "\(identifier: column) IN (\(members))"
        return orNone ? "(\(identifier: column) IS NULL OR \(within))" : within
    }

    /// The ids of all locations within, as a subquery.
    package var members: SQL {
        "SELECT id FROM location WHERE region IN (\(list: regions)) OR id IN (\(list: locations))"
    }

    package func contains(_ location: ID<Location>, on connection: any Connection) throws -> Bool {
        if isEverywhere || locations.contains(location) { return true }
        guard !regions.isEmpty else { return false }
        let region: String? = try connection.value("SELECT region FROM location WHERE id = \(location)")
        return region.map(regions.contains) ?? false
    }

    /// - Throws: `input.notFound` naming `what`, as if there were none.
    package func require(_ location: ID<Location>, _ what: String, on connection: any Connection) throws {
        guard try contains(location, on: connection) else { throw Fault.notFound(what) }
    }

    package func violations() -> [Violation] {
        regions.filter(\.isEmpty).map { Violation("scope.regions", found: $0, expected: "a region that is not empty") }
    }
}
