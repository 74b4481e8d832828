import Foundation
import StoragePostgres
import TestBackends
import Vocabulary

/// A PostgreSQL server of the test's own, which it may stop, fill and lose.
actor PostgresCluster {
    enum Stop: Int32 {
        /// As `pg_ctl stop -m immediate`: nothing is finished, and the next start recovers from the log.
        case immediate = 3
        case fast = 2
        /// The power goes: every process of the server at once.
        case kill = 9
    }

    let folder: URL
    let port: Int
    private var process: Process?

    private init(_ folder: URL, port: Int) {
        self.folder = folder
        self.port = port
    }

    nonisolated var data: URL { folder.appending(path: "data") }
    nonisolated var conninfo: String { "host=127.0.0.1 port=\(port) user=postgres dbname=postgres" }

    /// Runs `body` with a new cluster that syncs to disk as a real one does.
    ///
    /// - Parameter place: where its folder is made; the usual temporary folder when nil.
    static func with<Value>(
        _ settings: [String] = [], in place: URL? = nil, _ body: (PostgresCluster) async throws -> Value
    ) async throws -> Value {
        let cluster = try await make(in: place) { cluster in
            let program = [
                "-D", cluster.data.path, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync",
            ]
            try await cluster.run("initdb", program)
        }
        return try await during(cluster, settings, body)
    }

    /// Runs `body` with a copy of this cluster as `pg_basebackup` makes it: with `standby` one that follows it from then on.
    nonisolated func withCopy<Value>(
        _ arguments: [String], settings: [String] = [], starting: Bool = true, _ body: (PostgresCluster) async throws -> Value
    ) async throws -> Value {
        let copy = try await Self.make(in: nil) { copy in
            let source = ["-h", "127.0.0.1", "-p", String(port), "-U", "postgres", "-D", copy.data.path, "-c", "fast"]
            try await copy.run("pg_basebackup", source + arguments)
        }
        return try await Self.during(copy, starting ? settings : nil, body)
    }

    private static func make(in place: URL?, _ fill: (PostgresCluster) async throws -> Void) async throws -> PostgresCluster {
        let parent = place ?? FileManager.default.temporaryDirectory
        let folder = parent.appending(path: "plimsoll-cluster-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if geteuid() == 0, let account = getpwnam("postgres") {
            chown(folder.path, account.pointee.pw_uid, account.pointee.pw_gid)
        }
        let cluster = PostgresCluster(folder, port: try freePort())
        do { try await fill(cluster) } catch {
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
        return cluster
    }

    private static func during<Value>(
        _ cluster: PostgresCluster, _ settings: [String]?, _ body: (PostgresCluster) async throws -> Value
    ) async throws -> Value {
        defer { try? FileManager.default.removeItem(at: cluster.folder) }
        do {
            if let settings { try await cluster.start(settings) }
            let value = try await body(cluster)
            await cluster.stop(.immediate)
            return value
        } catch {
            await cluster.stop(.immediate)
            throw error
        }
    }

    /// Starts the server and waits until it takes connections.
    func start(_ settings: [String] = []) async throws {
        let log = folder.appending(path: "server.log")
        if !FileManager.default.fileExists(atPath: log.path) { try Data().write(to: log) }
        let handle = try FileHandle(forWritingTo: log)
        try handle.seekToEnd()
        let base = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "port=\(port)", "max_connections=60"]
        let server = Self.command("postgres", ["-D", data.path] + (base + settings).flatMap { ["-c", $0] }, in: folder)
        server.standardOutput = handle
        server.standardError = handle
        try server.run()
        process = server
        for _ in 0..<1200 {
            guard server.isRunning else { break }
            if try await run("pg_isready", ["-h", "127.0.0.1", "-p", String(port)], mayFail: true) == 0 { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Fault.defect("PostgreSQL did not start: \(String(decoding: try Data(contentsOf: log).suffix(2000), as: UTF8.self))")
    }

    func stop(_ how: Stop) {
        guard let process, process.isRunning else { return }
        if how == .kill {
            // What the postmaster has started dies with it: its own processes notice that it is gone.
            for child in Self.children(of: process.processIdentifier) { Foundation.kill(child, SIGKILL) }
        }
        Foundation.kill(process.processIdentifier, how.rawValue)
        process.waitUntilExit()
    }

    var isRunning: Bool { process?.isRunning ?? false }

    /// Gives a file of the data folder to whom the server runs as.
    func own(_ file: String) throws {
        guard geteuid() == 0, let account = getpwnam("postgres") else { return }
        chown(data.appending(path: file).path, account.pointee.pw_uid, account.pointee.pw_gid)
    }

    func administer(_ statement: String) async throws {
        try await PostgresDatabase.administer(statement, at: conninfo)
    }

    /// Makes a new database and names it as a connection string.
    func newDatabase() async throws -> String {
        try await administer("CREATE DATABASE plimsoll TEMPLATE template0")
        return conninfo.replacing("dbname=postgres", with: "dbname=plimsoll")
    }

    @discardableResult
    func run(_ program: String, _ arguments: [String], mayFail: Bool = false) async throws -> Int32 {
        let command = Self.command(program, arguments, in: folder)
        let output = Pipe()
        command.standardOutput = output
        command.standardError = output
        try command.run()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        command.waitUntilExit()
        guard mayFail || command.terminationStatus == 0 else {
            throw Fault.defect("\(program) failed: \(String(decoding: said, as: UTF8.self))")
        }
        return command.terminationStatus
    }

    /// PostgreSQL refuses to run as root, so root becomes `postgres`.
    private static func command(_ program: String, _ arguments: [String], in folder: URL) -> Process {
        let process = Process()
        let path = binaries.appending(path: program).path
        if geteuid() == 0 {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
            process.arguments = ["--reuid", "postgres", "--regid", "postgres", "--init-groups", path] + arguments
        } else {
            process.executableURL = URL(fileURLWithPath: path)
            process.arguments = arguments
        }
        process.currentDirectoryURL = folder
        return process
    }

    private static let binaries: URL = {
        if let named = ProcessInfo.processInfo.environment["PLIMSOLL_PGBIN"] { return URL(fileURLWithPath: named) }
        let root = URL(fileURLWithPath: "/usr/lib/postgresql")
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        let newest = versions.compactMap(Int.init).max() ?? 15
        return root.appending(path: "\(newest)/bin")
    }()

    private static func children(of parent: Int32) -> [Int32] {
        let path = "/proc/\(parent)/task/\(parent)/children"
        return ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: " ").compactMap { Int32($0) }
    }

    private static func freePort() throws -> Int {
        let probe = try LoopbackProxy(to: 9)
        defer { probe.end() }
        return probe.port
    }
}
