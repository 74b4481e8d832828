import Foundation
import Testing

/// A script of the project, run on this checkout or on one that a test makes up.
struct Script {
    let name: String

    /// The lines that the script prints.
    func run(_ arguments: String..., on root: URL) throws -> [String] {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let script = Repository.ours.root.appending(path: "scripts").appending(path: name).path
        process.arguments = ["python3", "-B", script] + arguments + ["--root", root.path]
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let lines = String(decoding: printed, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect((process.terminationStatus == 0) == lines.isEmpty, "\(name) ended with \(process.terminationStatus)")
        return lines
    }
}

/// A folder that holds `texts` for as long as `work` runs.
func withCheckout(_ texts: [String: String], _ work: (URL) throws -> Void) throws {
    let template = FileManager.default.temporaryDirectory.appending(path: "plimsoll-tidy-XXXXXX").path
    var name = Array(template.utf8CString)
    guard mkdtemp(&name) != nil else { throw CocoaError(.fileWriteUnknown) }
    let root = URL(filePath: String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    defer { try? FileManager.default.removeItem(at: root) }
    for (path, text) in texts { try write(text, to: path, in: root) }
    try work(root)
}

func write(_ text: String, to path: String, in root: URL) throws {
    let file = root.appending(path: path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
}
