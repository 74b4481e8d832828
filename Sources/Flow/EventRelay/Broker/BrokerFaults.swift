import CNATS
import Vocabulary

extension Fault.Code {
    /// NATS does not answer: events wait in the database and are published when it is back; nothing else depends on it.
    package static let brokerUnavailable = Self("relay.brokerUnavailable")
    /// NATS answered that it cannot do what the relay asked of it: JetStream is off, a limit is reached, rights are missing.
    package static let brokerRefused = Self("relay.brokerRefused")
    /// A stream does not hold what was published to it; it is filled again from the event log.
    package static let streamDiffers = Self("relay.streamDiffers")
    /// A message from a warehouse cannot be read; it is kept among the poison messages with this reason.
    package static let messageUnreadable = Self("relay.messageUnreadable")
}

/// What libnats answers when something was not done.
struct BrokerFailure: Error {
    let status: natsStatus
    let code: UInt32
    let doing: String

    /// `JSStreamNotFoundErr` of the server.
    var isStreamMissing: Bool { code == 10_059 }

    /// Whether the connection itself is of no more use.
    var isLost: Bool {
        [
            NATS_CONNECTION_CLOSED, NATS_CONNECTION_DISCONNECTED, NATS_NO_SERVER, NATS_IO_ERROR, NATS_STALE_CONNECTION,
            NATS_TIMEOUT, NATS_NOT_YET_CONNECTED, NATS_NO_RESPONDERS, NATS_INVALID_SUBSCRIPTION,
        ].contains(status)
    }

    var fault: Fault {
        let text = "\(doing): \(String(cString: natsStatus_GetText(status)))\(code == 0 ? "" : " (JetStream error \(code))")."
        return isLost
            ? Fault(.brokerUnavailable, .retry(), "NATS did not answer while \(text)")
            : Fault(.brokerRefused, .retry(), "NATS refused \(text)")
    }
}

func check(_ status: natsStatus, _ doing: String, _ code: jsErrCode = jsErrCode(0)) throws(BrokerFailure) {
    guard status == NATS_OK else { throw BrokerFailure(status: status, code: UInt32(code.rawValue), doing: doing) }
}
