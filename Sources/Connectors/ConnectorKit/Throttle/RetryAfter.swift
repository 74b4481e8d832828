import Vocabulary

/// Reads a `Retry-After` header: seconds, whole or with decimals, or an HTTP date.
///
/// - Returns: how long to wait from `now` on, never negative; nil when there is no header or nobody can read it.
/// - Note: Source: RFC 9110, sections 5.6.7 and 10.2.3; decimals are what some servers send all the same.
public func retryAfter(_ header: String?, now: Instant) -> Duration? {
    guard let text = header?.trimmingSpaces(), !text.isEmpty else { return nil }
    if case .number(let scaled) = parseDecimal6(text.utf8) { return .microseconds(max(0, scaled)) }
    guard let instant = Instant(httpDate: text) else { return nil }
    return max(.zero, instant - now)
}

extension Instant {
    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT` and the two obsolete forms that a recipient must still accept.
    public init?(httpDate text: String) {
        let words = text.split { $0 == " " || $0 == "-" || $0 == "," }.map(String.init)
        let fields: (day: String, month: String, year: String, time: String)
        switch words.count {
        case 6 where words[5] == "GMT": fields = (words[1], words[2], words[3], words[4])
        case 5: fields = (words[2], words[1], words[4], words[3])
        default: return nil
        }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let time = fields.time.split(separator: ":").map { Int($0) }
        guard let day = Int(fields.day), var year = Int(fields.year), let month = months.firstIndex(of: fields.month),
            time.count == 3, let hour = time[0], let minute = time[1], let second = time[2],
            (0..<24).contains(hour), (0..<60).contains(minute), (0...60).contains(second)
        else { return nil }
        if fields.year.count == 2 { year += year < 70 ? 2000 : 1900 }
        guard let date = BusinessDate(year: year, month: month + 1, day: day) else { return nil }
        let seconds = Int64(date.dayNumber) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
        self.init(microseconds: seconds * 1_000_000)
    }
}

extension String {
    func trimmingSpaces() -> String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
