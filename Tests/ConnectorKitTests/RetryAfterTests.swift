import ConnectorKit
import Testing
import Vocabulary

@Suite struct `A Retry-After header` {
    /// Sun, 06 Nov 1994 08:49:37 GMT.
    let now = Instant(microseconds: 784_111_777_000_000)

    @Test(arguments: [("0", 0.0), ("120", 120), (" 5 ", 5), ("0.25", 0.25), ("-3", 0)])
    func `counts seconds, whole or not`(header: String, seconds: Double) {
        #expect(retryAfter(header, now: now) == .milliseconds(seconds * 1000))
    }

    @Test(arguments: [
        "Sun, 06 Nov 1994 08:50:37 GMT", "Sunday, 06-Nov-94 08:50:37 GMT", "Sun Nov  6 08:50:37 1994",
    ])
    func `names a moment in each of the three forms of HTTP dates`(header: String) {
        #expect(retryAfter(header, now: now) == .seconds(60))
    }

    @Test func `a moment that has passed means now`() {
        #expect(retryAfter("Sun, 06 Nov 1994 08:00:00 GMT", now: now) == .zero)
    }

    @Test(arguments: [
        "", "soon", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "1e5", "Sun, 06 Nov 1994 08:49:37 CET",
    ])
    func `that nobody can read is as good as none`(header: String) {
        #expect(retryAfter(header, now: now) == nil)
    }

    @Test func `that is missing is none`() {
        #expect(retryAfter(nil, now: now) == nil)
    }
}
