import Foundation
import Synchronization
import Vocabulary

/// An exchange that answers from a recording and never touches a network.
public final class ReplayExchange: HTTPExchange {
    /// How a request finds its answer. A request is recognised by its method, address and body.
    public enum Matching: Sendable {
        /// Requests come exactly as recorded, one after the other.
        case inOrder
        /// Each request takes the next unused answer to an equal one; the last of them repeats.
        case byContent
    }

    private let secrets: SecretRemoval
    private let matching: Matching
    private let state: Mutex<State>

    fileprivate struct State {
        var exchanges: [(key: String, exchange: RecordedExchange)]
        var position = 0
        var used: [String: Int] = [:]
    }

    /// - Parameter secrets: the same as in recording, since requests are compared after their removal.
    /// - Throws: `input.invalid` naming the line that cannot be read.
    public init(from path: String, matching: Matching = .inOrder, removing secrets: [String] = []) throws(Fault) {
        guard let content = FileManager.default.contents(atPath: path) else {
            throw .invalid("path", found: path, expected: "a recording that can be read")
        }
        var exchanges: [(key: String, exchange: RecordedExchange)] = []
        for (index, line) in content.split(separator: UInt8(ascii: "\n")).enumerated() {
            do throws(Fault) {
                let exchange: RecordedExchange = try JSON.decode(from: line)
                exchanges.append((try exchange.key, exchange))
            } catch {
                throw .invalid("\(path) line \(index + 1)", found: nil, expected: "a recorded exchange (\(error.message))")
            }
        }
        self.secrets = SecretRemoval(secrets)
        self.matching = matching
        state = Mutex(State(exchanges: exchanges))
    }

    /// How many recorded exchanges no request has asked for yet; only counted `inOrder`.
    public var remaining: Int { state.withLock { $0.exchanges.count - $0.position } }

    public func send(_ request: WireRequest) async throws(WireFailure) -> WireResponse {
        let key = RecordedExchange.key(
            method: request.method, url: secrets.clean(request.url), body: secrets.clean(request.body))
        let found = state.withLock { state -> Result<RecordedExchange, WireFailure> in
            switch matching {
            case .inOrder: state.next(key)
            case .byContent: state.next(like: key)
            }
        }
        return try found.get().answer()
    }
}

extension ReplayExchange.State {
    fileprivate mutating func next(_ key: String) -> Result<RecordedExchange, WireFailure> {
        guard position < exchanges.count else {
            return .failure(.notSent("the recording has no more than \(position) exchanges"))
        }
        guard exchanges[position].key == key else {
            return .failure(.notSent("exchange \(position + 1) of the recording is \(exchanges[position].key), not \(key)"))
        }
        position += 1
        return .success(exchanges[position - 1].exchange)
    }

    fileprivate mutating func next(like key: String) -> Result<RecordedExchange, WireFailure> {
        let equal = exchanges.filter { $0.key == key }
        guard let last = equal.last else { return .failure(.notSent("the recording has no \(key)")) }
        let index = used[key, default: 0]
        used[key] = index + 1
        return .success(index < equal.count ? equal[index].exchange : last.exchange)
    }
}
