import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Answers a connection that is one too many with 503 and closes it: its file descriptor is worth more than its request.
package final class ConnectionShedding: ChannelInboundHandler, RemovableChannelHandler {
    package typealias InboundIn = HTTPRequestPart
    package typealias OutboundOut = HTTPResponsePart

    private let admission: Admission
    private var isIn = false

    package init(_ admission: Admission) {
        self.admission = admission
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { opened(context) }
    }

    package func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        opened(context)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        if isIn { admission.leave(.connections) }
        isIn = false
        context.fireChannelInactive()
    }

    private func opened(_ context: ChannelHandlerContext) {
        guard !isIn else { return }
        isIn = admission.enter(.connections)
        guard !isIn else { return }
        let head = HTTPResponse(
            status: .serviceUnavailable, headerFields: [.retryAfter: "1", .connection: "close", .contentLength: "0"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
    }
}
