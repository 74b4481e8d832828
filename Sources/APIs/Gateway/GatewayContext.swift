import Hummingbird
import NIOCore
import Vocabulary

/// What a request carries through the middleware: who asks, and the names by which it is found again in logs.
package struct GatewayContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Ours or, when it is well-formed, the caller's `X-Request-Id`.
    package var requestID: String
    /// The caller's W3C `traceparent`; passed on to events that the request causes.
    package var traceparent: String?
    /// Who asks; nil before authentication and on routes that need none.
    package var caller: Principal?
    /// The bytes that the route's body may have.
    var bodyLimit = 0
    var nesting = 0
    /// The address that the request came from; nil when the connection does not tell.
    let peer: String?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        requestID = ""
        peer = source.channel.remoteAddress?.ipAddress
    }

    /// Takes a shorter body than the route does for other formats.
    package mutating func limitBody(to limit: Int) {
        bodyLimit = min(bodyLimit, limit)
    }

    /// Who asks.
    ///
    /// - Throws: `plimsoll.defect` on a route that the access table leaves open to everybody.
    package var principal: Principal {
        get throws(Fault) {
            guard let caller else { throw .defect("A route asked who calls without having been authenticated.") }
            return caller
        }
    }
}
