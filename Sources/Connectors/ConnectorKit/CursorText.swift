import Vocabulary

extension Cursor {
    /// The moment from which to read again: a source's transactions may commit later than the times they carry.
    public func start(overlap: Duration) -> Instant {
        time - overlap
    }

    /// The cursor to store at the end of a round, once the system had no more.
    ///
    /// Within a round cursors are exact, so that every page goes on where the last one ended. The next round
    /// begins `overlap` earlier, and what it sees again changes nothing.
    ///
    /// - Parameters:
    ///   - last: the last record of the round; nil when there was none.
    ///   - given: the cursor that the page was asked for with; it stays when nothing came.
    public static func closing(_ last: Cursor?, given: Cursor?, overlap: Duration) -> Cursor? {
        guard let last else { return given }
        let rewound = Cursor(time: last.start(overlap: overlap), id: "")
        // Never behind where the round began: an idle source would otherwise drift into the past.
        if let given, rewound.time < given.time { return Cursor(time: given.time, id: "") }
        return rewound
    }

    /// `2026-11-23T20:36:00Z 4711`: the time, a space, and the id as it is.
    public var text: String { "\(time) \(id)" }

    /// - Throws: `input.invalid` naming `field`.
    public init(parsing text: String, field: String = "cursor") throws(Fault) {
        guard let space = text.firstIndex(of: " ") else {
            throw .invalid(field, found: text, expected: "an instant, a space and an id")
        }
        time = try Instant(parsing: String(text[..<space]), field: field)
        id = String(text[text.index(after: space)...])
    }
}
