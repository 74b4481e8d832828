import CNATS
import Threads
import Vocabulary

/// One connection to NATS and the thread that waits for it; it connects when it is first needed, and again when it broke.
package actor BrokerLink {
    /// The parts of libnats that one connection consists of.
    struct Handles {
        let connection: OpaquePointer
        let jetStream: OpaquePointer
        let acknowledgements: Acknowledgements
        var subscriptions: [String: OpaquePointer] = [:]
    }

    private let thread: BlockingThread
    private let address: String
    private var handles: Handles?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// - Parameter address: `nats://user:password@host:4222`; several are separated by commas.
    package init(_ address: String) {
        thread = BlockingThread()
        self.address = address
    }

    isolated deinit {
        disconnect()
        thread.stop()
    }

    package func close() {
        disconnect()
    }

    /// Asks the broker for an answer.
    package func ping() throws(Fault) {
        try speaking { handles throws(BrokerFailure) in
            try check(natsConnection_FlushTimeout(handles.connection, 2000), "being asked for an answer")
        }
    }

    /// Runs `work` on an open connection; one that broke on the way is closed, and the next call opens another.
    func speaking<Value>(_ work: (inout Handles) throws(BrokerFailure) -> Value) throws(Fault) -> Value {
        do throws(BrokerFailure) {
            var open = try opened()
            defer { if handles != nil { handles = open } }
            handles = open
            return try work(&open)
        } catch {
            if error.isLost { disconnect() }
            throw error.fault
        }
    }

    private func opened() throws(BrokerFailure) -> Handles {
        if let handles { return handles }
        return try connect()
    }

    func disconnect() {
        guard let open = handles else { return }
        handles = nil
        open.acknowledgements.forget()
        for subscription in open.subscriptions.values { natsSubscription_Destroy(subscription) }
        jsCtx_Destroy(open.jetStream)
        natsConnection_Destroy(open.connection)
    }

    private func connect() throws(BrokerFailure) -> Handles {
        var options: OpaquePointer?
        try check(natsOptions_Create(&options), "being prepared")
        defer { natsOptions_Destroy(options) }
        natsOptions_SetURL(options, address)
        natsOptions_SetName(options, "plimsoll")
        natsOptions_SetTimeout(options, 2000)
        // We open a new connection ourselves, so that no message waits in a buffer that nobody sees.
        natsOptions_SetAllowReconnect(options, false)
        var connection: OpaquePointer?
        try check(natsConnection_Connect(&connection, options), "being connected to")
        var context = jsOptions()
        jsOptions_Init(&context)
        let acknowledgements = Acknowledgements.make()
        context.PublishAsync.MaxPending = 4096
        context.PublishAsync.StallWait = 5000
        context.PublishAsync.AckHandler = Acknowledgements.handler
        context.PublishAsync.AckHandlerClosure = acknowledgements.closure
        var jetStream: OpaquePointer?
        let status = natsConnection_JetStream(&jetStream, connection, &context)
        guard status == NATS_OK, let connection, let jetStream else {
            natsConnection_Destroy(connection)
            acknowledgements.forget()
            throw BrokerFailure(status: status, code: 0, doing: "JetStream was opened")
        }
        return Handles(connection: connection, jetStream: jetStream, acknowledgements: acknowledgements)
    }
}
