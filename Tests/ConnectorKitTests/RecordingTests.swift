import ConnectorKit
import Foundation
import Testing
import Vocabulary

@Suite struct `A recording` {
    /// Records the same three exchanges with a real server and gives the file to `body`.
    func withRecording(_ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "recording-\(UUID().uuidString).ndjson").path
        try await LoopbackServer.run { index, _ in
            switch index {
            case 0: .answer(200, headers: ["Set-Cookie: sid=geheim2"], "first for geheim1")
            case 1: .answer(200, bytes: [0xff, 0x00, 0xfe])
            default: .drop
            }
        } _: { server, _ in
            let wire = HTTPClientExchange()
            let exchange = try RecordingExchange(wire, to: path, removing: ["geheim1", "127.0.0.1:\(server.port)"])
            _ = try await exchange.send(
                WireRequest(
                    "POST", server.url + "/a", headers: [("Authorization", "Bearer geheim0")], body: Array("key geheim1".utf8)))
            _ = try await exchange.send(WireRequest("GET", server.url + "/b"))
            await #expect(throws: WireFailure.self) { try await exchange.send(WireRequest("GET", server.url + "/c")) }
            await wire.shutdown()
        }
        try await body(path)
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func `holds no secrets`() async throws {
        try await withRecording { path in
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.split(separator: "\n").count == 3)
            #expect(!text.contains("geheim"))
            #expect(text.contains("first for (removed)"))
        }
    }

    @Test func `is replayed in its order, failures and all`() async throws {
        try await withRecording { path in
            let replay = try ReplayExchange(from: path, removing: ["geheim9"])
            let url = "http://(removed)"
            let first = try await replay.send(WireRequest("POST", url + "/a", body: Array("key (removed)".utf8)))
            #expect(String(decoding: first.body, as: UTF8.self) == "first for (removed)")
            #expect(try await replay.send(WireRequest("GET", url + "/b")).body == [0xff, 0x00, 0xfe])
            #expect(replay.remaining == 1)
            let failure = await #expect(throws: WireFailure.self) { try await replay.send(WireRequest("GET", url + "/c")) }
            guard case .noAnswer = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(replay.remaining == 0)
            await #expect(throws: WireFailure.notSent("the recording has no more than 3 exchanges")) {
                try await replay.send(WireRequest("GET", url + "/d"))
            }
        }
    }

    @Test func `refuses what comes out of order`() async throws {
        try await withRecording { path in
            let replay = try ReplayExchange(from: path)
            let failure = await #expect(throws: WireFailure.self) {
                try await replay.send(WireRequest("GET", "http://(removed)/b"))
            }
            guard case .notSent(let reason) = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(reason.hasPrefix("exchange 1 of the recording is POST http://(removed)/a"))
        }
    }

    @Test func `answers by content in any order`() async throws {
        try await withRecording { path in
            let replay = try ReplayExchange(from: path, matching: .byContent, removing: ["erp.example"])
            for _ in 0..<2 {
                #expect(try await replay.send(WireRequest("GET", "http://erp.example/b")).status == 200)
            }
            await #expect(throws: WireFailure.self) {
                try await replay.send(WireRequest("POST", "http://erp.example/a", body: [1]))
            }
        }
    }

    @Test func `that is damaged is refused with its line`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "damaged-\(UUID().uuidString).ndjson").path
        try Data("{\"request\":1}\n".utf8).write(to: URL(filePath: path))
        let fault = #expect(throws: Fault.self) { try ReplayExchange(from: path) }
        #expect(fault?.violations.first?.field == "\(path) line 1")
        try FileManager.default.removeItem(atPath: path)
    }
}
