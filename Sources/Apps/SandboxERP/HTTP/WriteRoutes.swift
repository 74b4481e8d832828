import HTTPTypes
import Hummingbird
import Vocabulary

/// What changes the ERP: requisitions, orders, transfers, policies, and the warehouse's day.
struct WriteRoutes: Sendable {
    let company: SandboxCompany
    let clock: WallClock

    func add(to router: Router<SandboxContext>) {
        post("purchase-requisitions", router) { .purchaseRequisition($0) }
        post("purchase-orders", router) { .purchaseOrder($0) }
        post("transfers", router) { .transfer($0) }
        post("receipts", router) { .receipt($0) }
        post("stock-adjustments", router) { .stockAdjustment($0) }
        post("cancellations", router) { .cancellation($0) }
        post("amendments", router) { .amendment($0) }
        router.put("policies/{item}/{location}") { request, context in
            let item = try context.parameters.require("item")
            let location = try context.parameters.require("location")
            let version = try ifMatch(request)
            let input = try await request.decoded(PolicyInput.self)
            let order = WriteOrder.policy(input, item: item, location: location, ifMatch: version)
            return try await write(order, on: BusinessRoute(method: "PUT", path: "/policies"), request, context)
        }
    }

    private func post<Input: Decodable & SendableMetatype>(
        _ path: String, _ router: Router<SandboxContext>, order: @escaping @Sendable (Input) -> WriteOrder
    ) {
        router.post(RouterPath(path)) { request, context in
            let input = try await request.decoded(Input.self)
            return try await write(order(input), on: BusinessRoute(method: "POST", path: "/\(path)"), request, context)
        }
    }

    private func write(
        _ order: WriteOrder, on route: BusinessRoute, _ request: Request, _ context: SandboxContext
    ) async throws -> Response {
        let interference = await company.writeArrived(on: route, reference: order.reference)
        return try await Interferer(company: company, clock: clock)
            .write(interference, order, key: request.headers[.idempotencyKey], context)
    }

    /// The version of an `If-Match: "3"`; nil when there is no such header.
    private func ifMatch(_ request: Request) throws(Fault) -> Int? {
        guard let header = request.headers[.ifMatch] else { return nil }
        let digits = header.hasPrefix("\"") && header.hasSuffix("\"") ? header.dropFirst().dropLast() : header[...]
        guard let version = Int(digits) else {
            throw .invalid("If-Match", found: header, expected: "the version of the policy in double quotes")
        }
        return version
    }
}

extension HTTPField.Name {
    static var idempotencyKey: Self { .init("Idempotency-Key") ?? .ifMatch }
}
