import CanonicalModel
import ConnectorKit
import Foundation
import Governance
import Vocabulary

/// A directory of files as a system: what it knows is read from files named after the feeds, and what it is
/// to do is written as one file an action.
///
/// Whoever carries the actions out moves their files to `taken/` beneath the directory of actions and never deletes
/// them: where a file is, there the action is.
package struct FlatFilesConnector: Connector {
    package static let manifest = Manifest(
        name: "flatFiles",
        summary: "A directory of CSV or NDJSON files, one a feed, and a directory of CSV files, one an action.",
        settings: [
            Setting("directory", "where the feeds' files are: items.csv, demand.ndjson and so on"),
            Setting(
                "feeds",
                "which feeds are delivered, with commas between them; a missing file of these is a fault, not an empty feed",
                standard: Feed.allCases.map(\.rawValue).joined(separator: ",")),
            Setting("actions", "where actions are written, absolute or within the directory", standard: "actions"),
            Setting("pageSize", "rows a page, 1 to 10000", standard: "1000"),
        ],
        feeds: [
            .items: .snapshot, .locations: .snapshot, .suppliers: .snapshot, .sourcing: .snapshot, .lanes: .snapshot,
            .policies: .snapshot, .balances: .snapshot, .supply: .snapshot, .demand: .incremental,
        ],
        capabilities: [
            .setInventoryPolicy: Capability(.naturalKeyProbe, settles: .seconds(1)),
            .createTransfer: Capability(.naturalKeyProbe, settles: .seconds(1)),
            .createPurchaseProposal: Capability(.naturalKeyProbe, settles: .seconds(1)),
        ])

    private let directory: String
    private let feeds: Set<Feed>
    private let pageSize: Int
    let actions: ActionFiles

    package init(_ settings: SettingValues, in surroundings: Surroundings) throws(Fault) {
        directory = try settings.text("directory")
        feeds = try FlatFilesConnector.feeds(settings["feeds"])
        pageSize = try FlatFilesConnector.pageSize(settings["pageSize"])
        let actions = settings["actions"] ?? "actions"
        self.actions = ActionFiles(actions.hasPrefix("/") ? actions : "\(directory)/\(actions)", within: directory)
    }

    package func check() async throws(Fault) -> SystemInformation {
        try requireDirectory()
        let missing = Feed.allCases.filter(feeds.contains).filter { path(of: $0) == nil }
        var remarks = missing.map { "\($0.rawValue).csv or .ndjson is not there" }
        if let complaint = actions.complaint { remarks.append(complaint) }
        return SystemInformation(name: directory, version: "files", remarks: remarks)
    }

    package func read(_ feed: Feed, after cursor: Cursor?, names: Crosswalk) async throws(Fault) -> Page {
        guard feeds.contains(feed) else { throw .unsupported("\(feed.rawValue) is not among the feeds of \(directory).") }
        try requireDirectory()
        guard let path = path(of: feed) else {
            throw .unreachable("\(directory)/\(feed.rawValue).csv or .ndjson is not there.")
        }
        let pages = FeedPages(path: path, feed: feed, names: names, size: pageSize)
        return try pages.page(after: cursor, isIncremental: FlatFilesConnector.manifest.feeds[feed] == .incremental)
    }

    package func carryOut(_ action: Approved<Action>, reference: Reference, names: Crosswalk) async -> Outcome {
        actions.write(action.action, reference: reference, names: names)
    }

    package func find(_ action: Action, reference: Reference, names: Crosswalk) async throws(Fault) -> Finding {
        try actions.find(action, reference: reference, names: names)
    }

    private func requireDirectory() throws(Fault) {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw .unreachable("\(directory) is not there.")
        }
    }

    private func path(of feed: Feed) -> String? {
        ["csv", "ndjson"].map { "\(directory)/\(feed.rawValue).\($0)" }.first(where: FileManager.default.fileExists(atPath:))
    }

    private static func feeds(_ text: String?) throws(Fault) -> Set<Feed> {
        guard let text else { return Set(Feed.allCases) }
        var feeds: Set<Feed> = []
        for word in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
            guard let feed = Feed(rawValue: String(word)) else {
                let all = Feed.allCases.map(\.rawValue)
                let meant = nearestName(to: String(word), among: all).map { "did you mean \($0)? " } ?? ""
                throw .invalid("feeds", found: String(word), expected: "\(meant)some of \(all.joined(separator: ", "))")
            }
            feeds.insert(feed)
        }
        return feeds
    }

    private static func pageSize(_ text: String?) throws(Fault) -> Int {
        guard let text else { return 1000 }
        guard let size = Int(text), (1...10_000).contains(size) else {
            throw .invalid("pageSize", found: text, expected: "a whole number from 1 to 10000")
        }
        return size
    }
}
