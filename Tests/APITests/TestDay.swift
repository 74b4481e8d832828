import TestBackends
import Vocabulary

/// Days counted from the day on which tests begin.
enum TestDay {
    static func text(weeksBefore weeks: Int) -> String {
        TimeZoneName.utc.date(at: TestClock.start).adding(days: -7 * weeks).description
    }
}
