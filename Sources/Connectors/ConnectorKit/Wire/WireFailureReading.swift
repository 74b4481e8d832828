import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import Vocabulary

extension WireFailure {
    /// Reads a client's error the careful way: only what certainly happened before the request was written
    /// is `.notSent`.
    init(_ error: any Error, headWasSent: Bool) {
        let reason = (error as? HTTPClientError)?.shortDescription ?? "\(error)"
        self = !headWasSent && WireFailure.isBeforeWriting(error) ? .notSent(reason) : .noAnswer(reason)
    }

    private static func isBeforeWriting(_ error: any Error) -> Bool {
        switch error {
        // The peer hung up. Bytes may have left in the same instant, before anybody could be told.
        case let error as HTTPClientError: return error != .remoteConnectionClosed && error != .writeTimeout
        case let error as IOError: return connectOnly.contains(error.errnoCode)
        case is NIOConnectionError: return true
        case let error as ChannelError:
            if case .connectTimeout = error { return true }
            return false
        // What is left before the head was sent is the TLS handshake: certificates, protocol versions.
        default: return true
        }
    }

    /// Error numbers that only an attempt to connect can have.
    private static let connectOnly: Set<CInt> = [
        ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL, ENETDOWN, EHOSTDOWN,
    ]
}

extension TimeAmount {
    init(_ duration: Duration) {
        self = .microseconds(duration.microseconds)
    }
}
