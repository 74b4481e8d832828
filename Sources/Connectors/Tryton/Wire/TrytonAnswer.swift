import ConnectorKit
import Vocabulary

/// One HTTP answer of Tryton, and what it says of the call.
struct TrytonAnswer {
    let response: WireResponse
    let method: String
    let now: Instant

    enum Envelope {
        case success(RPCValue)
        /// The call raised an exception in the ERP, which rolled it back.
        case failure(RPCValue)
    }

    var status: Int { response.status }
    var isOK: Bool { status == 200 }

    func envelope() throws(CallFailure) -> Envelope {
        guard isOK else { throw failure }
        guard let members = (try? RPCValue(json: response.body))?.members else {
            throw .unclear("Tryton answered \(method) with something that is not JSON.")
        }
        if let error = members["error"] { return .failure(error) }
        guard let result = members["result"] else {
            throw .unclear("Tryton's answer to \(method) has neither a result nor an error.")
        }
        return .success(result)
    }

    func result(_ method: String) throws(CallFailure) -> RPCValue {
        switch try envelope() {
        case .success(let result): return result
        case .failure(let error): throw .nothingHappened(Fault(trytonError: error, method: method))
        }
    }

    /// What an answer other than 200 says: everything below 500 is said before anything is done.
    private var failure: CallFailure {
        if status != 429, let throttle = response.throttle, throttle.isRefusal {
            return .nothingHappened(.rateLimited("Tryton has too much to do: HTTP \(status).", after: throttle.wait))
        }
        return switch status {
        case 401: .nothingHappened(.unauthorized("Tryton does not accept the user or the password."))
        case 403: .nothingHappened(.unauthorized("Tryton does not let this user call \(method)."))
        case 404: .nothingHappened(.refused("Tryton has no such database (404 to \(method)): check url and database."))
        case 429: .nothingHappened(.rateLimited("Tryton counts too many logins of this user.", after: wait ?? .seconds(300)))
        case 300..<500: .nothingHappened(.protocolBroken("Tryton answered \(method) with HTTP \(status)."))
        case 504: .unclear("Tryton stopped \(method) after its time limit (HTTP 504).")
        default: .unclear("Tryton answered \(method) with HTTP \(status).")
        }
    }

    private var wait: Duration? { retryAfter(response.header("Retry-After"), now: now) }
}
