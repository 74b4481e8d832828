import Vocabulary

/// An exchange that keeps within a budget and learns from every answer.
///
/// What the system's dialect knows as a refusal is marked as one on the answer, so that no connector has to look for it.
public struct ThrottledExchange: HTTPExchange {
    private let exchange: any HTTPExchange
    private let budget: ThrottleBudget
    private let clock: WallClock

    public init(_ exchange: any HTTPExchange, within budget: ThrottleBudget, clock: WallClock) {
        self.exchange = exchange
        self.budget = budget
        self.clock = clock
    }

    /// - Throws: `.heldBack` as well, when the budget has no room within its patience.
    public func send(_ request: WireRequest) async throws(WireFailure) -> WireResponse {
        do {
            try await budget.enter()
        } catch {
            throw .heldBack(error.message, after: error.wait)
        }
        let began = clock.now()
        do throws(WireFailure) {
            var response = try await exchange.send(request)
            response.throttle = budget.learn(from: response, sentAt: began)
            budget.leave()
            return response
        } catch {
            budget.leave()
            throw error
        }
    }
}

extension Fault {
    /// How long the fault asks to wait before the same request.
    var wait: Duration? {
        if case .retry(let after) = disposition { after } else { nil }
    }
}
