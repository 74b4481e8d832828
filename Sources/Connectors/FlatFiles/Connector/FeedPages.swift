import CanonicalModel
import ConnectorKit
import Vocabulary

/// One file of one feed, a page at a time.
///
/// A cursor within the file is its time of change and the place where the next record begins; the file must
/// stay as it is while it is read, so a new one is to be moved into place whole.
struct FeedPages {
    let path: String
    let feed: Feed
    let names: Crosswalk
    let size: Int

    func page(after cursor: Cursor?, isIncremental: Bool) throws(Fault) -> Page {
        let file = try FileBytes(path)
        var place = FilePlace(byteOffset: 0, rowsDone: 0, linesDone: 0)
        if let cursor {
            if cursor.id == FeedPages.end {
                guard file.modifiedAt > cursor.time else { return Page([], next: cursor, hasMore: false) }
            } else {
                guard cursor.time == file.modifiedAt, let within = FilePlace(text: cursor.id) else { throw changed }
                place = within
            }
        }
        let page =
            switch feed {
            case .items: try page(of: file, at: place, .items) { (.item($0), names.externalID(of: $0.id)) }
            case .locations: try page(of: file, at: place, .locations) { (.location($0), names.externalID(of: $0.id)) }
            case .suppliers: try page(of: file, at: place, .suppliers) { (.supplier($0), names.externalID(of: $0.id)) }
            case .sourcing: try page(of: file, at: place, .sourcing) { (.sourcing($0), $0.id.rawValue) }
            case .lanes: try page(of: file, at: place, .lanes) { (.lane($0), $0.id.rawValue) }
            case .policies: try page(of: file, at: place, .policies) { (.policy($0), $0.id.rawValue) }
            case .balances: try page(of: file, at: place, .balances) { (.balance($0), $0.id.rawValue) }
            case .supply: try page(of: file, at: place, .supply) { (.supply($0), $0.id.rawValue) }
            case .demand: try page(of: file, at: place, .demand) { (.demand($0), $0.id.rawValue) }
            }
        // A snapshot's next round begins at the beginning; demand waits for a newer file.
        guard !page.hasMore, isIncremental else { return page }
        let end = Cursor(time: file.modifiedAt, id: FeedPages.end)
        return Page(page.observations, refusals: page.refusals, next: end, hasMore: false)
    }

    private static let end = "end"

    private func page<Entity>(
        of file: FileBytes, at place: FilePlace, _ mapping: RowMapping<Entity>,
        record: (Entity) -> (CanonicalRecord, externalID: String)
    ) throws(Fault) -> Page {
        var options = ImportOptions()
        options.names = names
        let source: any RowSource =
            options.format(of: path) == .csv
            ? try CSVRows(file, columns: mapping.columns, options: options, at: place)
            : try JSONRows(file, columns: mapping.columns, options: options, at: place)
        var observations: [Observation] = []
        var refusals: [Refusal] = []
        while true {
            switch try source.next() {
            case .end: return Page(observations, refusals: refusals, next: nil, hasMore: false)
            case .refused(let row):
                refusals.append(Refusal(row: "row \(row.row)", violations: row.violations))
            case .row(var values, _):
                guard let entity = mapping.read(&values), values.violations.isEmpty else {
                    refusals.append(Refusal(row: "row \(values.row)", violations: values.violations))
                    break
                }
                let (record, externalID) = record(entity)
                observations.append(Observation(record, externalID: externalID, observedAt: file.modifiedAt))
                guard observations.count + refusals.count >= size else { break }
                let next = Cursor(time: file.modifiedAt, id: source.place.text)
                return Page(observations, refusals: refusals, next: next, hasMore: true)
            }
        }
    }

    private var changed: Fault {
        Fault(.conflict, .retry(), "\(path) changed while it was being read; it is to be read again from its beginning.")
    }
}

extension FilePlace {
    /// `byteOffset:rowsDone:linesDone`.
    var text: String { "\(byteOffset):\(rowsDone):\(linesDone)" }

    init?(text: String) {
        let parts = text.split(separator: ":").map { Int($0) }
        guard parts.count == 3, let byteOffset = parts[0], let rows = parts[1], let lines = parts[2], byteOffset > 0 else {
            return nil
        }
        self.init(byteOffset: byteOffset, rowsDone: rows, linesDone: lines)
    }
}
