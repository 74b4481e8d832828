import ConnectorKit
import Vocabulary

/// Why a call to Tryton gave no result.
enum CallFailure: Error {
    /// The call changed nothing: it was never sent, or the ERP turned it down and rolled back.
    case nothingHappened(Fault)
    /// The call may have been carried out.
    case unclear(String)

    /// For questions, which can be asked again whatever became of them.
    var fault: Fault {
        switch self {
        case .nothingHappened(let fault): fault
        case .unclear(let reason): Fault(.unreachable, .retry(after: nil), reason)
        }
    }

    /// For calls that were to have an effect.
    var outcome: Outcome {
        switch self {
        case .nothingHappened(let fault): .notDone(fault)
        case .unclear(let reason): .unknown(reason)
        }
    }
}

extension Fault.Code {
    /// The ERP's record was changed by somebody else between our reading and our writing.
    static let changedMeanwhile = Self("connector.changedMeanwhile")
    /// The ERP asks for a person's confirmation before it goes on.
    static let askedToConfirm = Self("connector.askedToConfirm")
    /// The ERP holds a document under our reference that is not what was decided.
    static let foreignDocument = Self("connector.foreignDocument")
}

/// The `error` member of an answer, by the class of its Python exception.
extension Fault {
    init(trytonError error: RPCValue, method: String) {
        let parts = error.elements ?? []
        let details = parts.count > 1 ? parts[1].elements ?? [] : []
        func detail(_ index: Int) -> String { index < details.count ? details[index].string ?? "" : "" }
        switch parts.first?.string {
        case "UserError":
            let message = [detail(0), detail(1)].filter { !$0.isEmpty }.joined(separator: " ")
            // Only the text tells a missing permission from a wrong value.
            self = message.contains("not allowed to access") ? .unauthorized(message) : .refused("Tryton refused: \(message)")
        case "UserWarning":
            self = Fault(
                .askedToConfirm, .review(by: "operations"),
                "Tryton asks for confirmation (\(detail(0))): \(detail(1)) Confirm it there, or add its name to harmlessWarnings."
            )
        case "ConcurrencyException":
            self = Fault(.changedMeanwhile, .retry(after: .seconds(1)), "The record was changed in Tryton at the same time.")
        case "LoginException":
            self = .unauthorized("Tryton asks for more than a password: \(detail(1)).")
        default:
            self = .protocolBroken("Tryton failed in \(method): \(error.json.prefix(300)).")
        }
    }
}
