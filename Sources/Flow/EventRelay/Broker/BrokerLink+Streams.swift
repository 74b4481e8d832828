import CNATS
import Vocabulary

/// What a stream holds, by the broker's own count.
package struct StreamStanding: Hashable, Sendable {
    /// Messages that are there.
    package let count: Int64
    package let first: Int64
    package let last: Int64
}

/// A stream as it is to be.
package struct StreamPlan: Hashable, Sendable {
    package let name: String
    package let subjects: String
    /// How many servers keep it; 3 where an acknowledged event must survive the loss of one.
    package let replicas: Int
    /// How long the broker itself recognises a repeated `Nats-Msg-Id`, in milliseconds; ours is not to depend on it.
    package let remembers: Int64

    package init(name: String, subjects: String, replicas: Int, remembers: Int64 = 120_000) {
        self.name = name
        self.subjects = subjects
        self.replicas = replicas
        self.remembers = remembers
    }
}

extension BrokerLink {
    /// Makes the stream unless it is there.
    ///
    /// - Returns: what it holds.
    @discardableResult
    package func prepare(_ plan: StreamPlan) throws(Fault) -> StreamStanding {
        if let standing = try standing(of: plan.name) { return standing }
        try speaking { handles throws(BrokerFailure) in
            var config = jsStreamConfig()
            jsStreamConfig_Init(&config)
            var code = jsErrCode(0)
            let status = plan.name.withCString { name in
                plan.subjects.withCString { subject in
                    var subjects: UnsafePointer<CChar>? = subject
                    return withUnsafeMutablePointer(to: &subjects) { list in
                        config.Name = name
                        config.Subjects = list
                        config.SubjectsLen = 1
                        config.Storage = js_FileStorage
                        config.Replicas = Int64(plan.replicas)
                        config.Duplicates = plan.remembers * 1_000_000
                        return js_AddStream(nil, handles.jetStream, &config, nil, &code)
                    }
                }
            }
            try check(status, "the stream \(plan.name) was made", code)
        }
        return try standing(of: plan.name) ?? StreamStanding(count: 0, first: 0, last: 0)
    }

    /// - Returns: nil when there is no such stream.
    package func standing(of stream: String) throws(Fault) -> StreamStanding? {
        try speaking { handles throws(BrokerFailure) in
            var info: UnsafeMutablePointer<jsStreamInfo>?
            var code = jsErrCode(0)
            let status = js_GetStreamInfo(&info, handles.jetStream, stream, nil, &code)
            defer { jsStreamInfo_Destroy(info) }
            if status != NATS_OK, BrokerFailure(status: status, code: code.rawValue, doing: "").isStreamMissing { return nil }
            if status == NATS_NOT_FOUND { return nil }
            try check(status, "the stream \(stream) was looked at", code)
            guard let state = info?.pointee.State else { return nil }
            return StreamStanding(count: Int64(state.Msgs), first: Int64(state.FirstSeq), last: Int64(state.LastSeq))
        }
    }

    /// Throws the stream away with all it holds; nothing happens when it is not there.
    package func delete(_ stream: String) throws(Fault) {
        try speaking { handles throws(BrokerFailure) in
            var code = jsErrCode(0)
            let status = js_DeleteStream(handles.jetStream, stream, nil, &code)
            guard status != NATS_NOT_FOUND else { return }
            try check(status, "the stream \(stream) was deleted", code)
        }
    }

    /// What a durable consumer has still to read; nil while nobody has made it.
    package func lag(of consumer: String, on stream: String) throws(Fault) -> ConsumerLag? {
        try speaking { handles throws(BrokerFailure) in
            var info: UnsafeMutablePointer<jsConsumerInfo>?
            var code = jsErrCode(0)
            let status = js_GetConsumerInfo(&info, handles.jetStream, stream, consumer, nil, &code)
            defer { jsConsumerInfo_Destroy(info) }
            guard status != NATS_NOT_FOUND else { return nil }
            try check(status, "the consumer \(consumer) was looked at", code)
            guard let info = info?.pointee else { return nil }
            return ConsumerLag(
                waiting: Int64(info.NumPending), unacknowledged: info.NumAckPending, redelivered: info.NumRedelivered)
        }
    }
}

/// How far a durable consumer is behind.
package struct ConsumerLag: Hashable, Sendable {
    /// Messages that were never handed to it.
    package let waiting: Int64
    /// Handed to it and not yet acknowledged.
    package let unacknowledged: Int64
    package let redelivered: Int64

    package init(waiting: Int64, unacknowledged: Int64, redelivered: Int64) {
        self.waiting = waiting
        self.unacknowledged = unacknowledged
        self.redelivered = redelivered
    }
}
