import CNATS
import Vocabulary

extension BrokerLink {
    /// Says something to whoever listens now: it is kept nowhere, and nobody is told whether anybody heard it.
    package func say(_ word: String, on subject: String) throws(Fault) {
        try speaking { handles throws(BrokerFailure) in
            try check(natsConnection_PublishString(handles.connection, subject, word), "a hint was given")
            // The library would send it a little later; a hint that is late is none.
            try check(natsConnection_FlushTimeout(handles.connection, 2000), "a hint was given")
        }
    }

    /// Listens for what is said, and goes on with the next call where it stopped.
    ///
    /// - Returns: what was heard, each by its subject; nothing when `milliseconds` went by in silence.
    package func hear(on subjects: String, milliseconds: Int64) throws(Fault) -> [(subject: String, word: String)] {
        try speaking { handles throws(BrokerFailure) in
            let known = handles.subscriptions[subjects]
            let subscription = if let known { known } else { try listen(on: subjects, handles.connection) }
            handles.subscriptions[subjects] = subscription
            var heard: [(subject: String, word: String)] = []
            var wait = milliseconds
            while heard.count < 1000 {
                var message: OpaquePointer?
                let status = natsSubscription_NextMsg(&message, subscription, wait)
                // What was lost because nobody listened for long was a hint like those that come next.
                if status == NATS_TIMEOUT || status == NATS_SLOW_CONSUMER { break }
                try check(status, "hints were listened for")
                defer { natsMsg_Destroy(message) }
                let bytes = UnsafeRawBufferPointer(start: natsMsg_GetData(message), count: Int(natsMsg_GetDataLength(message)))
                heard.append(
                    (natsMsg_GetSubject(message).map { String(cString: $0) } ?? "", String(decoding: bytes, as: UTF8.self)))
                wait = 0
            }
            return heard
        }
    }

    private func listen(on subjects: String, _ connection: OpaquePointer) throws(BrokerFailure) -> OpaquePointer {
        var subscription: OpaquePointer?
        try check(natsConnection_SubscribeSync(&subscription, connection, subjects), "hints were subscribed to")
        guard let subscription else { throw BrokerFailure(status: NATS_ERR, code: 0, doing: "hints were subscribed to") }
        try check(natsConnection_FlushTimeout(connection, 2000), "hints were subscribed to")
        return subscription
    }
}
