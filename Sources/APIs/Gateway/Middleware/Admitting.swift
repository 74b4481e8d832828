import Hummingbird
import Vocabulary

/// Turns requests away while as many are being answered as this process can, and those that would change something while it
/// must not, before anything is read or looked up for them.
///
/// The probes always get in: a supervisor that cannot ask would end a process for being busy.
struct Admitting: RouterMiddleware {
    let services: GatewayServices

    func handle(
        _ request: Request, context: GatewayContext,
        next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        guard !ProbeRoutes.paths.contains(request.uri.path) else { return try await next(request, context) }
        if request.method != .get, request.method != .head, let fault = services.refusal() { throw fault }
        let admission = services.admission
        guard admission.enter(.requests) else { throw Fault.overloaded(admission, .requests) }
        defer { admission.leave(.requests) }
        return try await next(request, context)
    }
}
