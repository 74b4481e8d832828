import Governance
import HTTPTypes

/// Who may use one route, and what it takes.
package struct RouteRule: Sendable {
    package enum Body: Sendable { case ordinary, batch, file }

    package let method: HTTPRequest.Method
    /// With its placeholders: `/process/v1/recommendations/{id}`.
    package let path: String
    /// nil for a route that needs no key.
    package let roles: [Role]?
    package let body: Body
    /// What it shows or does cannot be divided by location, so a key for some locations only may not use it.
    package let needsEverywhere: Bool
    /// Doing it twice is not doing it once, so that an idempotency key is honoured.
    package let isRepeatGuarded: Bool

    init(
        _ method: HTTPRequest.Method, _ path: String, _ roles: [Role]?, body: Body = .ordinary, needsEverywhere: Bool = false,
        isRepeatGuarded: Bool = false
    ) {
        self.method = method
        self.path = path
        self.roles = roles
        self.body = body
        self.needsEverywhere = needsEverywhere
        self.isRepeatGuarded = isRepeatGuarded
    }

    /// Whether `path` is one of this route's.
    func matches(_ path: [Substring]) -> Bool {
        let own = self.path.split(separator: "/")
        return own.count == path.count && zip(own, path).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}
