import Foundation
import Server
import Storage
import StorageSQLite
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

/// A library that keeps beside each file what of it was synced.
private enum Durable {
    /// The library, compiled into a folder; nil when there is no C compiler here.
    static func library(in folder: URL) throws -> String? {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../World/durable.c")
        let places = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let compilers = ["clang", "cc", "gcc"].flatMap { name in places.map { "\($0)/\(name)" } }
        guard let compiler = compilers.first(where: FileManager.default.isExecutableFile(atPath:)) else { return nil }
        let library = folder.appending(path: "durable.so")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: compiler)
        process.arguments = ["-shared", "-fPIC", "-O1", "-o", library.path, source.standardized.path, "-ldl"]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Fault.defect("durable.c was not compiled.") }
        return library.path
    }
}

@Suite struct `A machine that loses its power` {
    /// How much of what was written and not synced had reached the disk all the same, sector by sector.
    private enum Remainder: CaseIterable {
        case nothing, something
    }

    @Test(.timeLimit(.minutes(10)))
    func `Row 9: has everything that was acknowledged, whatever of the unsynced is lost or torn`() async throws {
        try await FaultWorld.during(.sqlite) { world in
            guard let library = try Durable.library(in: world.folder) else {
                return FaultRun.note(row: 9, "not run: no C compiler")
            }
            let dice = Randomness.seeded(9)
            let stream = SuggestionStream(world, every: .milliseconds(10))
            let rounds = FaultRun.size(4, long: 60)
            var (lost, torn) = (0, 0)
            try await stream.during {
                for round in 0..<rounds {
                    try settle(world.database)
                    let server = try world.start(
                        dyingAt: nil, ["LD_PRELOAD": library, "PLIMSOLL_DURABLE": world.database])
                    defer { server.endAtOnce() }
                    stream.turn(to: try await server.line(beginning: "Plimsoll is ready at"))
                    let before = stream.acknowledged.count
                    try await eventually("the load runs", every: .milliseconds(5)) { stream.acknowledged.count > before + 3 }
                    try await Task.sleep(for: .milliseconds(Int(dice.fraction() * 300)))
                    server.endAtOnce()
                    stream.turn(to: nil)
                    _ = try await server.wasKilled()
                    for suffix in ["", "-wal"] {
                        let remainder = Remainder.allCases[round % 2]
                        let sectors = try cutPower(world.database + suffix, remainder, dice)
                        lost += sectors.lost
                        torn += sectors.kept
                    }
                    try? FileManager.default.removeItem(atPath: world.database + "-shm")
                    try await expectWholeFile(world.database)
                }
            }
            var reckoning: Reckoning?
            try await world.serving { _, client in reckoning = try await Reckoning.take(world, from: client) }
            let final = try #require(reckoning)
            FaultRun.note(
                row: 9, "embedded: \(rounds) cuts, \(lost) unsynced sectors lost and \(torn) kept at random; \(final)")
            expectWhole(final, stream)
            #expect(try await world.auditVerifies())
        }
    }

    /// What is there before the machine starts is on the disk.
    private func settle(_ path: String) throws {
        try? FileManager.default.removeItem(atPath: path + "-shm")
        for file in [path, path + "-wal"] {
            try? FileManager.default.removeItem(atPath: file + ".durable")
            guard FileManager.default.fileExists(atPath: file) else { continue }
            try FileManager.default.copyItem(atPath: file, toPath: file + ".durable")
        }
    }

    /// Puts what was synced in the place of the file, with some sectors of what was only written.
    private func cutPower(
        _ path: String, _ remainder: Remainder, _ dice: Randomness
    ) throws -> (lost: Int, kept: Int) {
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

    private func expectWholeFile(_ path: String) async throws {
        let database = try await SQLiteDatabase.open(path: path)
        let health: String? = try await database.read { try $0.value("PRAGMA integrity_check") }
        await database.close()
        #expect(health == "ok")
    }
}
