import Foundation
import Server
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

/// A small disk of its own, in memory; only root may make one.
private struct SmallDisk {
    let folder: URL

    static let isPossible = (try? make("16m", { _ in })) != nil

    static func make(_ size: String, _ body: (SmallDisk) throws -> Void) throws {
        let disk = try SmallDisk(size)
        defer { disk.remove() }
        try body(disk)
    }

    static func with(_ size: String, _ body: (SmallDisk) async throws -> Void) async throws {
        let disk = try SmallDisk(size)
        defer { disk.remove() }
        try await body(disk)
    }

    private init(_ size: String) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "plimsoll-disk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=\(size),mode=0777") == 0 else {
            try? FileManager.default.removeItem(at: folder)
            throw Fault.defect("A small disk cannot be made: errno \(errno).")
        }
    }

    private func remove() {
        umount2(folder.path, Int32(MNT_DETACH))
        try? FileManager.default.removeItem(at: folder)
    }

    /// Writes until nothing more goes in.
    func fill() {
        _ = FileManager.default.createFile(atPath: filler.path, contents: nil)
        guard let file = FileHandle(forWritingAtPath: filler.path) else { return }
        defer { try? file.close() }
        for size in [1 << 20, 1 << 12] {
            while (try? file.write(contentsOf: Data(repeating: 0x20, count: size))) != nil {}
        }
    }

    func free() { try? FileManager.default.removeItem(at: filler) }

    private var filler: URL { folder.appending(path: "filler") }
}

@Suite(.enabled(if: FaultRun.isLong && SmallDisk.isPossible, "make faults runs it, as root."))
struct `A full disk` {
    @Test(.timeLimit(.minutes(10)))
    func `Row 27: under the embedded database refuses what comes, and all goes on when there is room`() async throws {
        try await SmallDisk.with("64m") { disk in
            try await FaultWorld.during(.sqlite, FaultWorld.Wish(place: disk.folder)) { world in
                try await fillAndFree(disk, world, "embedded")
            }
        }
    }

    @Test(.timeLimit(.minutes(10)), .enabled(if: Backend.available.contains(.postgres)))
    func `Row 27: under PostgreSQL refuses what comes, and all goes on when there is room`() async throws {
        try await SmallDisk.with("320m") { disk in
            let small = ["max_wal_size=48MB", "min_wal_size=32MB"]
            try await PostgresCluster.with(small, in: disk.folder) { cluster in
                try await FaultWorld.during(.postgres, FaultWorld.Wish(cluster: cluster)) { world in
                    try await fillAndFree(disk, world, "PostgreSQL") {
                        // Without room for its log PostgreSQL ends itself, as it must; an operator starts it again.
                        if await !cluster.isRunning { try await cluster.start(small) }
                    }
                }
            }
        }
    }

    private func fillAndFree(
        _ disk: SmallDisk, _ world: FaultWorld, _ name: String, restart: () async throws -> Void = {}
    ) async throws {
        try await world.serving { _, client in
            let stream = SuggestionStream(world, every: .milliseconds(5))
            stream.turn(to: client.server)
            try await stream.during {
                try await eventually("the load runs") { stream.acknowledged.count > 30 }
                disk.fill()
                let refused = { stream.now.statuses.filter { $0.key != 202 }.values.reduce(0, +) }
                try await eventually("requests are refused") { refused() > 5 }
                disk.free()
                try await restart()
                let before = stream.acknowledged.count
                try await eventually("it acknowledges again") { stream.acknowledged.count > before + 20 }
            }
            let reckoning = try await Reckoning.take(world, from: client)
            FaultRun.note(row: 27, "\(name): answers \(stream.now.statuses.sorted { $0.key < $1.key }); \(reckoning)")
            expectWhole(reckoning, stream)
            #expect(stream.now.statuses.keys.allSatisfy { [202, 503, 507].contains($0) })
        }
        #expect(try await world.auditVerifies())
    }
}
