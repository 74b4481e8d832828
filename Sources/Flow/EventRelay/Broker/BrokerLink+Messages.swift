import CNATS
import Vocabulary

extension BrokerLink {
    /// One message of a stream; nil when it is not there or cannot be read any more.
    package func message(_ sequence: Int64, of stream: String) throws(Fault) -> (id: String?, body: [UInt8])? {
        try speaking { handles throws(BrokerFailure) in
            var message: OpaquePointer?
            var code = jsErrCode(0)
            let status = js_GetMsg(&message, handles.jetStream, stream, UInt64(sequence), nil, &code)
            defer { natsMsg_Destroy(message) }
            guard status == NATS_OK else {
                let failure = BrokerFailure(status: status, code: code.rawValue, doing: "a message was read")
                if failure.isLost { throw failure }
                return nil
            }
            var id: UnsafePointer<CChar>?
            let hasID = natsMsgHeader_Get(message, "Nats-Msg-Id", &id) == NATS_OK
            let bytes = UnsafeRawBufferPointer(start: natsMsg_GetData(message), count: Int(natsMsg_GetDataLength(message)))
            return (hasID ? id.map { String(cString: $0) } : nil, Array(bytes))
        }
    }
}
