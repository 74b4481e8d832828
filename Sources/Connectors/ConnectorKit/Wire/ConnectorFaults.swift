import Vocabulary

extension Fault.Code {
    /// The system asked us to come back later.
    public static let rateLimited = Self("connector.rateLimited")
    /// The system could not be reached, or did not answer a question that is safe to ask again.
    public static let unreachable = Self("connector.unreachable")
    /// The system understood the request and turned it down.
    public static let refused = Self("connector.refused")
    /// The system does not accept our credentials, or they are not allowed to do this.
    public static let unauthorized = Self("connector.unauthorized")
    /// The system answered something that its protocol does not provide for.
    public static let protocolBroken = Self("connector.protocol")
    /// The connector cannot do this kind of thing.
    public static let unsupported = Self("connector.unsupported")
}

extension Fault {
    public static func rateLimited(_ message: String, after wait: Duration?) -> Fault {
        Fault(.rateLimited, .retry(after: wait), message)
    }

    public static func unreachable(_ message: String, after wait: Duration? = nil) -> Fault {
        Fault(.unreachable, .retry(after: wait), message)
    }

    public static func refused(_ message: String, violations: [Violation] = []) -> Fault {
        Fault(.refused, .reject, message, violations: violations)
    }

    /// New credentials are a person's work; the request itself may be right.
    public static func unauthorized(_ message: String) -> Fault {
        Fault(.unauthorized, .review(by: "operations"), message)
    }

    public static func protocolBroken(_ message: String) -> Fault {
        Fault(.protocolBroken, .review(by: "operations"), message)
    }

    public static func unsupported(_ message: String) -> Fault {
        Fault(.unsupported, .reject, message)
    }
}
