import Vocabulary

/// An exchange that keeps within a budget and learns from every answer.
public struct ThrottledExchange: HTTPExchange {
    private let exchange: any HTTPExchange
    private let budget: ThrottleBudget

    public init(_ exchange: any HTTPExchange, within budget: ThrottleBudget) {
        self.exchange = exchange
        self.budget = budget
    }

    /// - Throws: `.notSent` as well when the budget has no room within its patience.
    public func send(_ request: WireRequest) async throws(WireFailure) -> WireResponse {
        do {
            try await budget.enter()
        } catch {
            throw .notSent(error.message)
        }
        do throws(WireFailure) {
            let response = try await exchange.send(request)
            await budget.learn(from: response)
            budget.leave()
            return response
        } catch {
            budget.leave()
            throw error
        }
    }
}
