import Hummingbird
import Logging
import NIOCore

/// What a request of the sandbox carries: above all its connection, which the adversary may close.
struct SandboxContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// Closes the connection without a byte of answer; what is returned afterwards reaches nobody.
    func hangUp() async -> Response {
        // A connection that the other side has closed already is as closed as it shall be.
        try? await channel.close()
        return Response(status: .internalServerError)
    }
}
