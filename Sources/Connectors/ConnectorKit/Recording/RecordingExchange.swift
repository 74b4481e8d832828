import Foundation
import Synchronization
import Vocabulary

/// An exchange that writes down all that passes, one JSON line an exchange, for tests to replay.
///
/// Headers that hold credentials and the given secrets are replaced before anything is written.
public final class RecordingExchange: HTTPExchange {
    private let exchange: any HTTPExchange
    private let secrets: SecretRemoval
    private let file: Mutex<FileHandle>

    /// - Parameters:
    ///   - path: of the recording; an existing one is replaced.
    ///   - secrets: passwords, keys and session names that may turn up in addresses and bodies.
    /// - Throws: `input.invalid` when the file cannot be written.
    public init(_ exchange: any HTTPExchange, to path: String, removing secrets: [String]) throws(Fault) {
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path) else {
            throw .invalid("path", found: path, expected: "a file that can be written")
        }
        self.exchange = exchange
        self.secrets = SecretRemoval(secrets)
        self.file = Mutex(file)
    }

    public func send(_ request: WireRequest) async throws(WireFailure) -> WireResponse {
        do throws(WireFailure) {
            let response = try await exchange.send(request)
            try write(RecordedExchange(request, .success(response), removing: secrets))
            return response
        } catch {
            try write(RecordedExchange(request, .failure(error), removing: secrets))
            throw error
        }
    }

    private func write(_ recorded: RecordedExchange) throws(WireFailure) {
        do {
            let line = try JSON.bytes(of: recorded) + [UInt8(ascii: "\n")]
            try file.withLock { try $0.write(contentsOf: Data(line)) }
        } catch {
            throw .noAnswer("the exchange could not be recorded: \(error)")
        }
    }
}
