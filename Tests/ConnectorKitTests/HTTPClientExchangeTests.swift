import ConnectorKit
import NIOCore
import NIOPosix
import Testing
import Vocabulary

@Suite struct `The HTTP exchange` {
    /// Gives `body` an exchange that is shut down afterwards.
    func withExchange(
        largestBody: Int = 1 << 20, connectTimeout: Duration = .seconds(2), _ body: (HTTPClientExchange) async throws -> Void
    ) async throws {
        let exchange = HTTPClientExchange(largestBody: largestBody, connectTimeout: connectTimeout)
        do {
            try await body(exchange)
            await exchange.shutdown()
        } catch {
            await exchange.shutdown()
            throw error
        }
    }

    func failure(of request: WireRequest, over exchange: HTTPClientExchange) async throws -> WireFailure? {
        do {
            let response = try await exchange.send(request)
            Issue.record("answered \(response.status)")
            return nil
        } catch {
            return error
        }
    }

    @Test func `sends method, headers and body, and asks for gzip itself`() async throws {
        try await LoopbackServer.run { _, _ in
            .answer(201, headers: ["X-Seen: yes"], "made")
        } _: { server, log in
            try await withExchange { exchange in
                let response = try await exchange.send(
                    WireRequest("PUT", server.url + "/a?b=1", headers: [("X-Our", "1")], body: Array("hello".utf8)))
                #expect(response.status == 201)
                #expect(response.header("x-seen") == "yes")
                #expect(response.body == Array("made".utf8))
            }
            let request = try #require(log.all.first)
            #expect(request.hasPrefix("PUT /a?b=1 HTTP/1.1\r\n"))
            #expect(request.contains("X-Our: 1\r\n"))
            #expect(request.contains("Accept-Encoding: gzip\r\n"))
            #expect(request.hasSuffix("\r\n\r\nhello"))
        }
    }

    @Test func `unpacks gzip`() async throws {
        // printf 'plimsoll plimsoll' | gzip -9n, as hexadecimal.
        let packed: [UInt8] = [
            0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0x02, 0x03, 0x2b, 0xc8, 0xc9, 0xcc, 0x2d, 0xce, 0xcf, 0xc9, 0x51, 0x28, 0x80, 0x32,
            0,
            0x36, 0x9d, 0x1d, 0x6b, 0x11, 0, 0, 0,
        ]
        try await LoopbackServer.run { _, _ in
            .answer(200, headers: ["Content-Encoding: gzip"], bytes: packed)
        } _: { server, _ in
            try await withExchange { exchange in
                let response = try await exchange.send(WireRequest("GET", server.url))
                #expect(String(decoding: response.body, as: UTF8.self) == "plimsoll plimsoll")
            }
        }
    }

    @Test func `Row 19: it does not follow a redirect`() async throws {
        try await LoopbackServer.run { _, _ in
            .answer(302, headers: ["Location: /elsewhere"])
        } _: { server, log in
            try await withExchange { exchange in
                let response = try await exchange.send(WireRequest("POST", server.url, body: [1]))
                #expect(response.status == 302)
                #expect(response.header("location") == "/elsewhere")
            }
            #expect(log.all.count == 1)
        }
    }

    @Test func `Row 19: an answer beyond the limit is no answer`() async throws {
        try await LoopbackServer.run { _, _ in
            .answer(200, bytes: Array(repeating: 65, count: 5000))
        } _: { server, _ in
            try await withExchange(largestBody: 4999) { exchange in
                let failure = try await failure(of: WireRequest("GET", server.url), over: exchange)
                #expect(failure == .noAnswer("the answer is larger than 4999 bytes"))
            }
        }
    }

    @Test func `a refused connection, an unknown host and an unusable address were not sent`() async throws {
        let port = try await LoopbackServer.run { _, _ in
            .drop
        } _: { server, _ in
            server.port
        }
        try await withExchange { exchange in
            for url in [
                "http://127.0.0.1:\(port)", "http://localhost:\(port)", "http://no-such-host.invalid", "nonsense", "ftp://a",
            ] {
                guard case .notSent = try await failure(of: WireRequest("POST", url, body: [1]), over: exchange) else {
                    Issue.record("\(url) was taken for sent")
                    continue
                }
            }
        }
    }

    @Test func `Row 19: a server that does not speak TLS never got the request`() async throws {
        try await LoopbackServer.run { _, _ in
            .drop
        } _: { server, _ in
            try await withExchange { exchange in
                let request = WireRequest("POST", "https://127.0.0.1:\(server.port)", body: [1], timeout: .seconds(3))
                guard case .notSent = try await failure(of: request, over: exchange) else {
                    Issue.record("taken for sent")
                    return
                }
            }
        }
    }

    @Test func `a connection dropped after the request is no answer, and nothing is sent again`() async throws {
        try await LoopbackServer.run { index, _ in
            index == 0 ? .answer(200) : .drop
        } _: { server, log in
            try await withExchange { exchange in
                // The first makes an idle connection, which a client is tempted to blame and to try again.
                _ = try await exchange.send(WireRequest("POST", server.url, body: [1]))
                let failure = try await failure(of: WireRequest("POST", server.url, body: [2]), over: exchange)
                guard case .noAnswer = failure else {
                    Issue.record("\(String(describing: failure))")
                    return
                }
                try await Task.sleep(for: .milliseconds(200))
            }
            #expect(log.all.count == 2)
        }
    }

    @Test func `Row 19: half an answer is no answer`() async throws {
        let half = Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal".utf8)
        try await LoopbackServer.run { _, _ in
            .answerAndClose(half)
        } _: { server, log in
            try await withExchange { exchange in
                guard case .noAnswer = try await failure(of: WireRequest("GET", server.url), over: exchange) else {
                    Issue.record("taken for unsent")
                    return
                }
            }
            #expect(log.all.count == 1)
        }
    }

    @Test func `Row 19: what is no HTTP is no answer`() async throws {
        try await LoopbackServer.run { _, _ in
            .answer(Array("I am no web server\r\n\r\n".utf8))
        } _: { server, _ in
            try await withExchange { exchange in
                guard case .noAnswer = try await failure(of: WireRequest("GET", server.url), over: exchange) else {
                    Issue.record("taken for unsent")
                    return
                }
            }
        }
    }

    @Test func `a stalled server is no answer once the time is up`() async throws {
        try await LoopbackServer.run { _, _ in
            .stall
        } _: { server, log in
            try await withExchange { exchange in
                let request = WireRequest("POST", server.url, body: [1], timeout: .milliseconds(300))
                guard case .noAnswer = try await failure(of: request, over: exchange) else {
                    Issue.record("taken for unsent")
                    return
                }
            }
            #expect(log.all.count == 1)
        }
    }

    @Test func `a request that waited for a connection until its time was up was not sent`() async throws {
        try await LoopbackServer.run { _, _ in
            .stall
        } _: { server, log in
            let exchange = HTTPClientExchange(connections: 1)
            async let first = exchange.send(WireRequest("POST", server.url, body: [1], timeout: .seconds(2)))
            while log.all.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            let waiting = try await failure(
                of: WireRequest("POST", server.url, body: [2], timeout: .milliseconds(200)), over: exchange)
            guard case .notSent = waiting else {
                Issue.record("\(String(describing: waiting))")
                return
            }
            _ = try? await first
            await exchange.shutdown()
            #expect(log.all.count == 1)
        }
    }

    @Test func `a cancelled task stops waiting and does not know`() async throws {
        try await LoopbackServer.run { _, _ in
            .stall
        } _: { server, log in
            try await withExchange { exchange in
                let failure = await withTaskGroup(of: WireFailure?.self) { group in
                    group.addTask {
                        do throws(WireFailure) {
                            _ = try await exchange.send(WireRequest("POST", server.url, body: [1], timeout: .seconds(20)))
                            return nil
                        } catch {
                            return error
                        }
                    }
                    while log.all.isEmpty { await Task.yield() }
                    group.cancelAll()
                    return await group.next() ?? nil
                }
                guard case .noAnswer = failure else {
                    Issue.record("\(String(describing: failure))")
                    return
                }
            }
        }
    }
}
