import Foundation

/// The files of a checkout, by their path from its root.
///
/// A rule is a function of this value, so that a test can hand it a small invented checkout and see the rule refuse it.
struct Repository {
    let root: URL
    let paths: [String]
    let swiftFiles: [SwiftFile]
    private let texts: [String: String]

    /// The checkout that these tests were compiled from.
    static let ours = Repository(at: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized)

    /// A checkout that exists only in memory.
    init(_ texts: [String: String]) {
        root = URL(filePath: "/nowhere")
        self.texts = texts
        paths = texts.keys.sorted()
        swiftFiles = paths.filter { $0.hasSuffix(".swift") }.map { SwiftFile(path: $0, text: texts[$0] ?? "") }
    }

    init(at root: URL) {
        self.root = root
        texts = [:]
        var found: [String] = []
        if let walk = FileManager.default.enumerator(atPath: root.path) {
            while let path = walk.nextObject() as? String {
                if Self.isMade(path.split(separator: "/").last ?? "") {
                    walk.skipDescendants()
                } else if walk.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
                    found.append(path)
                }
            }
        }
        paths = found.sorted()
        swiftFiles = paths.filter { $0.hasSuffix(".swift") }.map { path in
            SwiftFile(path: path, text: (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? "")
        }
    }

    /// Folders that hold what a machine made.
    private static func isMade(_ name: Substring) -> Bool {
        name == ".git" || name.hasPrefix(".build") || name == "__pycache__" || name == "node_modules"
    }

    func text(of path: String) -> String {
        texts[path] ?? (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
    }

    func holds(_ path: String) -> Bool {
        if texts.isEmpty { return FileManager.default.fileExists(atPath: root.appending(path: path).path) }
        return path.isEmpty || paths.contains { $0 == path || $0.hasPrefix(path.hasSuffix("/") ? path : path + "/") }
    }

    /// The Swift files below any of `folders`, with comments and strings taken out.
    func swift(below folders: String...) -> [SwiftFile] {
        swiftFiles.filter { file in folders.contains { file.path.hasPrefix($0 + "/") } }
    }
}

/// The target that makes the real clock, dice and services, and passes them on.
let compositionRoot = "Server"

/// One Swift file, as written and as bare code.
struct SwiftFile {
    let path: String
    let text: String
    /// `text` with every comment, literal string and backticked name blanked: same lines, same columns, ASCII only.
    let code: String

    init(path: String, text: String) {
        self.path = path
        self.text = text
        code = CodeOnly.of(text)
    }

    /// The folder below `Sources/<floor>/` that makes this file's target.
    var target: String? {
        let parts = path.split(separator: "/")
        return parts.count > 3 && parts[0] == "Sources" ? String(parts[2]) : nil
    }

    var floor: String? {
        let parts = path.split(separator: "/")
        return parts.count > 3 && parts[0] == "Sources" ? String(parts[1]) : nil
    }

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
}
