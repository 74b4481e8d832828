import Hummingbird
import Vocabulary

/// `GET /items`, `/balances` and the other feeds, in pages.
///
/// `limit` is 1 to 5000 (500 if left out), `cursor` the place to go on from, `changedSince` an instant to begin at.
struct FeedRoutes: Sendable {
    let company: SandboxCompany
    let clock: WallClock

    func add(to router: Router<SandboxContext>) {
        feed(\.items, router)
        feed(\.locations, router)
        feed(\.suppliers, router)
        feed(\.sourcing, router)
        feed(\.lanes, router)
        feed(\.policies, router)
        feed(\.balances, router)
        feed(\.openOrders, router)
        feed(\.demand, router)
        router.get("documents") { request, context in try await documents(request, context) }
        router.get("documents/{number}") { request, context in try await document(request, context) }
    }

    private func feed<Record: ERPRecord>(
        _ table: any KeyPath<CompanyBooks, FeedTable<Record>> & Sendable, _ router: Router<SandboxContext>
    ) {
        router.get(RouterPath(Record.feed)) { request, context in
            try await answer("/\(Record.feed)", context) {
                let query = try FeedQuery(request)
                let books = await company.currentBooks()
                let page = books[keyPath: table].page(after: query.position, since: query.since, limit: query.limit)
                let position = page.rows.last.map { FeedPosition($0).text } ?? query.position?.text
                return jsonResponse(.ok, FeedPage(records: Array(page.rows), cursor: position, more: page.more))
            }
        }
    }

    private func documents(_ request: Request, _ context: SandboxContext) async throws -> Response {
        try await answer("/documents", context) {
            guard let reference = request.uri.queryParameters["reference"].map(String.init) else {
                throw Fault.invalid("reference", found: nil, expected: "the reference to look for")
            }
            return jsonResponse(.ok, DocumentList(documents: await company.currentBooks().documents(reference: reference)))
        }
    }

    private func document(_ request: Request, _ context: SandboxContext) async throws -> Response {
        let number = try context.parameters.require("number")
        return try await answer("/documents", context) {
            guard let document = await company.currentBooks().document(number) else {
                throw Fault.notFound("Document \(number)")
            }
            return jsonResponse(.ok, document)
        }
    }

    private func answer(
        _ path: String, _ context: SandboxContext, with reply: () async throws -> Response
    ) async throws -> Response {
        let interference = await company.readArrived(on: BusinessRoute(method: "GET", path: path))
        return try await Interferer(company: company, clock: clock).read(interference, context, reply)
    }
}

/// Where in a feed a reader wants to go on.
struct FeedQuery: Sendable {
    let limit: Int
    let position: FeedPosition?
    let since: Instant?

    init(_ request: Request) throws(Fault) {
        let parameters = request.uri.queryParameters
        let wanted = parameters["limit"].map(String.init)
        guard let limit = wanted.map({ Int($0) }) ?? 500, (1...5000).contains(limit) else {
            throw .invalid("limit", found: wanted, expected: "1 to 5000")
        }
        self.limit = limit
        position = try parameters["cursor"].map { text throws(Fault) in try FeedPosition(parsing: String(text)) }
        since = try parameters["changedSince"].map { text throws(Fault) in
            try Instant(parsing: String(text), field: "changedSince")
        }
    }
}
