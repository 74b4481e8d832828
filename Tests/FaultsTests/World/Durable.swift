import Foundation
import Storage
import StorageSQLite
import Testing
import Vocabulary

/// A library that keeps beside each file of a database what of it was synced, and makes syncs fail.
enum Durable {
    /// How much of what was written and not synced had reached the disk all the same, sector by sector.
    enum Remainder: CaseIterable {
        case nothing, something
    }

    /// The library, compiled into a folder; nil when there is no C compiler here.
    static func library(in folder: URL) throws -> String? {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "durable.c")
        let places = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let compilers = ["clang", "cc", "gcc"].flatMap { name in places.map { "\($0)/\(name)" } }
        guard let compiler = compilers.first(where: FileManager.default.isExecutableFile(atPath:)) else { return nil }
        let library = folder.appending(path: "durable.so")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: compiler)
        process.arguments = ["-shared", "-fPIC", "-O1", "-o", library.path, source.path, "-ldl"]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Fault.defect("durable.c was not compiled.") }
        return library.path
    }

    /// What is there before the machine starts is on the disk.
    static func settle(_ path: String) throws {
        try? FileManager.default.removeItem(atPath: path + "-shm")
        for file in [path, path + "-wal"] {
            try? FileManager.default.removeItem(atPath: file + ".durable")
            guard FileManager.default.fileExists(atPath: file) else { continue }
            try FileManager.default.copyItem(atPath: file, toPath: file + ".durable")
        }
    }

    /// Puts what was synced of a database in its place, with some sectors of what was only written.
    ///
    /// - Returns: how many unsynced sectors were lost, and how many were kept.
    static func cutPower(_ path: String, _ remainder: Remainder, _ dice: Randomness) async throws -> (lost: Int, kept: Int) {
        var (lost, kept) = (0, 0)
        for suffix in ["", "-wal"] {
            let sectors = try cut(path + suffix, remainder, dice)
            lost += sectors.lost
            kept += sectors.kept
        }
        try? FileManager.default.removeItem(atPath: path + "-shm")
        let database = try await SQLiteDatabase.open(path: path)
        let health: String? = try await database.read { try $0.value("PRAGMA integrity_check") }
        await database.close()
        #expect(health == "ok")
        return (lost, kept)
    }

    private static func cut(_ path: String, _ remainder: Remainder, _ dice: Randomness) throws -> (lost: Int, kept: Int) {
        guard let written = FileManager.default.contents(atPath: path) else { return (0, 0) }
        guard let synced = FileManager.default.contents(atPath: path + ".durable") else {
            try FileManager.default.removeItem(atPath: path)
            return (written.count / 512, 0)
        }
        var (file, lost, kept) = (synced, 0, 0)
        for start in stride(from: 0, to: written.count, by: 512) {
            let sector = written[start..<min(start + 512, written.count)]
            let isThere = start + sector.count <= file.count
            if isThere, file[start..<start + sector.count] == sector { continue }
            // A file that had not grown on the disk cannot end with a hole in the middle of a sector.
            guard remainder == .something, isThere, dice.fraction() < 0.5 else {
                lost += 1
                continue
            }
            file.replaceSubrange(start..<start + sector.count, with: sector)
            kept += 1
        }
        try file.write(to: URL(fileURLWithPath: path))
        return (lost, kept)
    }
}
