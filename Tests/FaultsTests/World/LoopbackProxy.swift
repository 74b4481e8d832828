import Foundation
import Synchronization
import Vocabulary

/// A way between two processes on this machine that can be slowed, stopped in either direction, and cut.
final class LoopbackProxy: Sendable {
    enum Way: Hashable, Sendable { case there, back }

    enum Verdict: Sendable {
        case pass
        /// The connection ends, and these bytes reach nobody.
        case cut
    }

    /// How the way behaves now; a change holds for open connections too.
    struct Behaviour: Sendable {
        /// Directions in which bytes wait until they are let go.
        var held: Set<Way> = []
        /// How long bytes take, in both directions.
        var delay: Duration = .zero
        /// The share of pieces that are lost on their way once, and come when they are sent again a quarter of a second later.
        var loss = 0.0
        /// Whether a new connection is closed at once.
        var refuses = false
        /// Looks at what passes on each connection, by its number.
        var watch: (@Sendable (_ connection: Int, Way, ArraySlice<UInt8>) -> Verdict)?
    }

    private struct State {
        var behaviour = Behaviour()
        var open: [Int: Pair] = [:]
        var count = 0
        var isOver = false
    }

    private struct Pair {
        let client: Int32
        let server: Int32
    }

    let port: Int
    private let target: Int
    private let listener: Int32
    private let state = Mutex(State())

    /// Listens on a free port of 127.0.0.1 and passes everything on to `target` there.
    init(to target: Int) throws {
        self.target = target
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(0)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, addressSize) }
        }
        guard bound == 0, listen(listener, 1024) == 0 else { throw Fault.defect("A proxy cannot listen: errno \(errno).") }
        var (given, size) = (sockaddr_in(), addressSize)
        withUnsafeMutablePointer(to: &given) { pointer in
            _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &size) }
        }
        self.listener = listener
        port = Int(UInt16(bigEndian: given.sin_port))
        Thread.detachNewThread { [self] in accept() }
    }

    /// Runs `body` with a proxy to the port of an address such as `http://127.0.0.1:8765`.
    static func with<Value>(to target: Int, _ body: (LoopbackProxy) async throws -> Value) async throws -> Value {
        let proxy = try LoopbackProxy(to: target)
        defer { proxy.end() }
        return try await body(proxy)
    }

    func change(_ edit: @Sendable (inout Behaviour) -> Void) {
        state.withLock { edit(&$0.behaviour) }
    }

    /// Ends every open connection.
    func cut() {
        for pair in state.withLock({ Array($0.open.values) }) { Self.hangUp(pair) }
    }

    func end() {
        state.withLock { $0.isOver = true }
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        cut()
    }

    private var behaviour: Behaviour { state.withLock { $0.behaviour } }

    private static func hangUp(_ pair: Pair) {
        shutdown(pair.client, Int32(SHUT_RDWR))
        shutdown(pair.server, Int32(SHUT_RDWR))
    }

    private func accept() {
        while !state.withLock({ $0.isOver }) {
            let client = Foundation.accept(listener, nil, nil)
            guard client >= 0 else {
                if errno == EINTR || errno == ECONNABORTED { continue }
                return
            }
            guard !behaviour.refuses, let server = connectToTarget() else {
                close(client)
                continue
            }
            serve(Pair(client: client, server: server))
        }
    }

    private func connectToTarget() -> Int32? {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(UInt16(target))
        let answer = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(server, $0, addressSize) }
        }
        guard answer == 0 else {
            close(server)
            return nil
        }
        return server
    }

    private func serve(_ pair: Pair) {
        let number = state.withLock { state in
            state.count += 1
            state.open[state.count] = pair
            return state.count
        }
        for socket in [pair.client, pair.server] {
            var on: Int32 = 1
            setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        let shared = Shared()
        for way in [Way.there, .back] {
            Thread.detachNewThread { [self] in
                forward(number, pair, way)
                Self.hangUp(pair)
                guard shared.isLast() else { return }
                _ = state.withLock { $0.open.removeValue(forKey: number) }
                close(pair.client)
                close(pair.server)
            }
        }
    }

    /// Counts down the two threads of a connection: the last one closes it.
    private final class Shared: Sendable {
        private let running = Atomic(2)

        func isLast() -> Bool { running.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
    }

    private func forward(_ number: Int, _ pair: Pair, _ way: Way) {
        let (source, sink) = way == .there ? (pair.client, pair.server) : (pair.server, pair.client)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(source, &buffer, buffer.count)
            guard count > 0 else { return }
            let now = behaviour
            let again = now.loss > 0 && Double.random(in: 0..<1) < now.loss ? Duration.milliseconds(250) : .zero
            if now.delay + again > .zero { usleep(UInt32((now.delay + again).inSeconds * 1_000_000)) }
            while behaviour.held.contains(way) {
                if state.withLock({ $0.isOver }) { return }
                usleep(5_000)
            }
            if behaviour.watch?(number, way, buffer[..<count]) == .cut { return }
            var sent = 0
            while sent < count {
                let step = buffer[sent..<count].withUnsafeBytes { send(sink, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard step > 0 else { return }
                sent += step
            }
        }
    }
}

private let addressSize = socklen_t(MemoryLayout<sockaddr_in>.size)

private func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
}
