import Hummingbird
import Vocabulary

/// Lets in who shows the key, and turns faults into answers.
struct Doorkeeper: RouterMiddleware {
    let key: String

    func handle(
        _ request: Request, context: SandboxContext,
        next: @concurrent (Request, SandboxContext) async throws -> Response
    ) async throws -> Response {
        guard request.headers[.authorization] == "Bearer \(key)" else {
            let answer = Refusal(
                error: "sandboxERP.unauthorized", message: "Send the header Authorization: Bearer KEY.", violations: [])
            return jsonResponse(.unauthorized, answer)
        }
        do {
            return try await next(request, context)
        } catch let fault as Fault {
            return refusal(fault)
        }
    }
}
