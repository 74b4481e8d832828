/// Takes secrets out of what is written down: the headers that hold credentials, and given values wherever they stand.
struct SecretRemoval: Sendable {
    private static let replacement = "(removed)"
    private static let secretHeaders: Set<String> = [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "x-auth-token", "x-csrf-token",
    ]

    private let secrets: [String]

    /// - Parameter secrets: longest first, so that a secret within another leaves nothing of it.
    init(_ secrets: [String]) {
        self.secrets = secrets.filter { !$0.isEmpty }.sorted { $0.utf8.count > $1.utf8.count }
    }

    func clean(_ text: String) -> String {
        secrets.reduce(text) { text, secret in
            text.split(separator: secret, omittingEmptySubsequences: false)
                .joined(separator: SecretRemoval.replacement)
        }
    }

    func clean(_ headers: [(name: String, value: String)]) -> [RecordedExchange.Header] {
        headers.map { header in
            let isSecret = SecretRemoval.secretHeaders.contains(header.name.lowercased())
            return .init(name: header.name, value: isSecret ? SecretRemoval.replacement : clean(header.value))
        }
    }

    /// A body that is not text is kept as it is.
    func clean(_ body: [UInt8]) -> [UInt8] {
        guard !secrets.isEmpty, let text = String(validating: body, as: UTF8.self) else { return body }
        return Array(clean(text).utf8)
    }
}
