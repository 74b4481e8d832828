import Foundation
import Vocabulary

/// A real nats-server with JetStream, in a temporary folder.
actor TestBroker {
    let folder: URL
    private var process: Process?
    private var port = -1

    private init(_ folder: URL) {
        self.folder = folder
    }

    var address: String { "nats://127.0.0.1:\(port)" }
    var store: URL { folder.appending(path: "store") }

    static func with<Value>(_ body: (TestBroker) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plimsoll-nats-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let broker = TestBroker(folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            try await broker.start()
            let value = try await body(broker)
            await broker.kill()
            return value
        } catch {
            await broker.kill()
            throw error
        }
    }

    /// Starts the server, on the port that it had before.
    func start() async throws {
        let process = Process()
        let known = ["/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server"]
        guard let program = known.first(where: FileManager.default.isExecutableFile(atPath:)) else {
            throw Fault.defect("nats-server is not installed: scripts/setup installs it.")
        }
        process.executableURL = URL(filePath: program)
        process.arguments = [
            "-js", "-sd", store.path, "-a", "127.0.0.1", "-p", String(port), "--ports_file_dir", folder.path,
            "-l", folder.appending(path: "server.log").path,
        ]
        try process.run()
        self.process = process
        let ports = folder.appending(path: "nats-server_\(process.processIdentifier).ports")
        for _ in 0..<500 {
            if let data = try? Data(contentsOf: ports), let read = try? JSONDecoder().decode([String: [String]].self, from: data),
                let address = read["nats"]?.first, let port = URL(string: address)?.port
            {
                self.port = port
                return
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Fault.defect("nats-server did not start.")
    }

    /// Ends the server as `kill -9` does.
    func kill() {
        guard let process, process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func wipe() throws {
        try FileManager.default.removeItem(at: store)
    }

    /// Turns over one bit in the middle of the stream's largest block.
    func corrupt() throws {
        let files = FileManager.default.enumerator(at: store, includingPropertiesForKeys: nil)?.allObjects as? [URL] ?? []
        let blocks = try files.filter { $0.pathExtension == "blk" }.map { ($0, try Data(contentsOf: $0)) }
        guard let (file, whole) = blocks.max(by: { $0.1.count < $1.1.count }), whole.count > 100 else {
            throw Fault.defect("The broker has written no block.")
        }
        var data = whole
        data[data.count / 2] ^= 0x10
        try data.write(to: file)
    }
}
