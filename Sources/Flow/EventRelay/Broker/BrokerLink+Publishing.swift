import CNATS
import Vocabulary

/// A message on its way to a stream.
package struct OutgoingMessage: Hashable, Sendable {
    package let subject: String
    /// By which the broker and every receiver recognise a repetition.
    package let id: String
    package let body: String
    /// Its place in the stream, counted from 1.
    package let sequence: Int64

    package init(subject: String, id: String, body: String, sequence: Int64) {
        self.subject = subject
        self.id = id
        self.body = body
        self.sequence = sequence
    }
}

extension BrokerLink {
    /// Publishes messages without waiting for each, then waits until all are acknowledged.
    ///
    /// Each names the message that has to be the stream's last before it: none can be stored twice, out of order or behind
    /// a gap, however late it is published again.
    ///
    /// - Returns: the highest sequence that the broker says it has stored; 0 when it refused all of them.
    package func publish(_ messages: [OutgoingMessage]) throws(Fault) -> Int64 {
        try speaking { handles throws(BrokerFailure) in
            for message in messages {
                var made: OpaquePointer?
                let length = Int32(message.body.utf8.count)
                try check(natsMsg_Create(&made, message.subject, nil, message.body, length), "an event was written")
                natsMsgHeader_Set(made, "Nats-Msg-Id", message.id)
                natsMsgHeader_Set(made, "Nats-Expected-Last-Sequence", String(message.sequence - 1))
                natsMsgHeader_Set(made, "content-type", "application/cloudevents+json")
                let status = js_PublishMsgAsync(handles.jetStream, &made, nil)
                if status != NATS_OK { natsMsg_Destroy(made) }
                // Answers to its predecessors would come in with the next batch: the connection is given up with them.
                try check(status == NATS_OK ? NATS_OK : NATS_CONNECTION_CLOSED, "an event was published")
            }
            // The library's limit; when it has let us go, its thread may still be telling the last answers.
            var limit = jsPubOptions()
            jsPubOptions_Init(&limit)
            limit.MaxWait = 5000
            try check(js_PublishAsyncComplete(handles.jetStream, &limit), "events were acknowledged")
            let answer = handles.acknowledgements.take(messages.count)
            if let failure = answer.failure, failure.isLost { throw failure }
            return Int64(answer.highest)
        }
    }

    /// Publishes one message and waits for it, as a warehouse does.
    package func publish(_ body: String, on subject: String, id: String? = nil) throws(Fault) {
        try speaking { handles throws(BrokerFailure) in
            var options = jsPubOptions()
            jsPubOptions_Init(&options)
            var code = jsErrCode(0)
            let length = Int32(body.utf8.count)
            let status: natsStatus
            if let id {
                status = id.withCString { id in
                    options.MsgId = id
                    return js_Publish(nil, handles.jetStream, subject, body, length, &options, &code)
                }
            } else {
                status = js_Publish(nil, handles.jetStream, subject, body, length, nil, &code)
            }
            try check(status, "a message was published", code)
        }
    }
}
