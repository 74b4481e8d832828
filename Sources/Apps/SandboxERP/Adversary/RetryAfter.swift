import Foundation
import Vocabulary

/// The moment as `Retry-After` gives it in RFC 9110: `Sun, 06 Nov 1994 08:49:37 GMT`, rounded up to the next second.
func httpDate(_ instant: Instant) -> String {
    let (second, rest) = instant.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return formatter.string(from: Date(timeIntervalSince1970: Double(rest > 0 ? second + 1 : second)))
}

extension Adversary {
    /// The value of the `Retry-After` header; nil when none shall be sent.
    func retryAfterHeader(at now: Instant) -> String? {
        switch retryAfter {
        case .integer: String(Int(seconds.rounded(.up)))
        case .httpDate: httpDate(now + pause)
        case .none: nil
        }
    }
}
