import CNATS
import Vocabulary

/// A message that a consumer was handed.
package struct IncomingMessage: Sendable {
    package let subject: String
    package let id: String?
    package let body: [UInt8]
    package let sequence: Int64
    /// How often it was handed out, this time included.
    package let deliveries: Int
}

/// What becomes of a message that was handed out.
package enum Receipt: Sendable {
    /// It is stored here.
    case taken
    /// It will never be: not to be handed out again.
    case givenUp
    /// To be handed out again.
    case later
}

extension BrokerLink {
    /// Reads up to `limit` messages through a durable consumer, hands them to `take` and acknowledges what it says.
    ///
    /// `take` runs on this connection's thread while the messages are held, and returns before anything is acknowledged.
    ///
    /// - Returns: how many were read; 0 when nothing came for `milliseconds`.
    package func fetch(
        _ consumer: ConsumerPlan, limit: Int, milliseconds: Int64, take: ([IncomingMessage]) async throws -> [Receipt]
    ) async throws -> Int {
        let list = try fetch(consumer, limit, milliseconds)
        var held = list
        defer { natsMsgList_Destroy(&held) }
        guard list.Count > 0, let messages = list.Msgs else { return 0 }
        let handles = (0..<Int(list.Count)).map { messages[$0] }
        let receipts = try await take(handles.map(Self.read))
        try acknowledge(zip(handles, receipts).map { ($0, $1) })
        return handles.count
    }

    private func fetch(_ plan: ConsumerPlan, _ limit: Int, _ milliseconds: Int64) throws(Fault) -> natsMsgList {
        try speaking { handles throws(BrokerFailure) in
            let known = handles.subscriptions[plan.name]
            let subscription = if let known { known } else { try subscribe(plan, handles.jetStream) }
            handles.subscriptions[plan.name] = subscription
            var list = natsMsgList()
            var code = jsErrCode(0)
            let status = natsSubscription_Fetch(&list, subscription, Int32(limit), milliseconds, &code)
            if status == NATS_TIMEOUT { return natsMsgList() }
            try check(status, "messages were fetched", code)
            return list
        }
    }

    private func subscribe(_ plan: ConsumerPlan, _ jetStream: OpaquePointer) throws(BrokerFailure) -> OpaquePointer {
        var options = jsSubOptions()
        jsSubOptions_Init(&options)
        var subscription: OpaquePointer?
        var code = jsErrCode(0)
        let status = plan.stream.withCString { stream in
            options.Stream = stream
            options.Config.AckPolicy = js_AckExplicit
            options.Config.AckWait = plan.acknowledgeWithin * 1_000_000
            options.Config.MaxAckPending = 5000
            return js_PullSubscribe(&subscription, jetStream, plan.subjects, plan.name, nil, &options, &code)
        }
        try check(status, "the consumer \(plan.name) was opened", code)
        guard let subscription else { throw BrokerFailure(status: NATS_ERR, code: 0, doing: "the consumer was opened") }
        return subscription
    }

    private func acknowledge(_ receipts: [(OpaquePointer?, Receipt)]) throws(Fault) {
        try speaking { handles throws(BrokerFailure) in
            for (message, receipt) in receipts {
                switch receipt {
                case .taken: try check(natsMsg_Ack(message, nil), "a message was acknowledged")
                case .givenUp: try check(natsMsg_Term(message, nil), "a message was given up")
                case .later: try check(natsMsg_NakWithDelay(message, 1000, nil), "a message was put back")
                }
            }
            try check(natsConnection_FlushTimeout(handles.connection, 2000), "messages were acknowledged")
        }
    }

    private static func read(_ message: OpaquePointer?) -> IncomingMessage {
        var id: UnsafePointer<CChar>?
        let hasID = natsMsgHeader_Get(message, "Nats-Msg-Id", &id) == NATS_OK
        var details: UnsafeMutablePointer<jsMsgMetaData>?
        natsMsg_GetMetaData(&details, message)
        defer { jsMsgMetaData_Destroy(details) }
        let bytes = UnsafeRawBufferPointer(start: natsMsg_GetData(message), count: Int(natsMsg_GetDataLength(message)))
        return IncomingMessage(
            subject: natsMsg_GetSubject(message).map { String(cString: $0) } ?? "",
            id: hasID ? id.map { String(cString: $0) } : nil, body: Array(bytes),
            sequence: Int64(details?.pointee.Sequence.Stream ?? 0), deliveries: Int(details?.pointee.NumDelivered ?? 1))
    }
}

/// A durable consumer as it is to be.
package struct ConsumerPlan: Hashable, Sendable {
    package let name: String
    package let stream: String
    package let subjects: String
    /// Milliseconds after which a message that nobody acknowledged is handed out again.
    package let acknowledgeWithin: Int64

    package init(name: String, stream: String, subjects: String, acknowledgeWithin: Int64 = 30_000) {
        self.name = name
        self.stream = stream
        self.subjects = subjects
        self.acknowledgeWithin = acknowledgeWithin
    }
}
