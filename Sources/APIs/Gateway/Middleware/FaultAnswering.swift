import Hummingbird
import Logging
import NIOCore
import Vocabulary

/// Turns whatever is thrown into problem details; what is inside stays in the log.
struct FaultAnswering: RouterMiddleware {
    func handle(
        _ request: Request, context: GatewayContext,
        next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            let fault = Self.fault(of: error, request)
            // What is turned away is counted, and not written down one by one: there is too much to do already.
            if fault.httpStatus.kind == .serverError, fault.code != .overloaded {
                context.logger.error("a request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            }
            var response = Response.problem(fault, requestID: context.requestID)
            if fault.code == .methodNotAllowed {
                response.headers[.allow] = AccessTable.methods(at: request.uri.path).joined(separator: ", ")
            }
            return response
        }
    }

    private static func fault(of error: any Error, _ request: Request) -> Fault {
        switch error {
        case let fault as Fault: fault
        case let error as HTTPError where error.status == .notFound:
            Fault(.unknownRoute, .reject, "There is nothing at \(request.uri.path).")
        case let error as HTTPError where error.status == .contentTooLarge:
            Fault(.bodyTooLarge, .reject, "The body is too large.")
        case let error as HTTPError where error.status.kind == .clientError:
            .malformedBody(error.body ?? "a request that fits the route")
        default: .defect("\(error)")
        }
    }
}
