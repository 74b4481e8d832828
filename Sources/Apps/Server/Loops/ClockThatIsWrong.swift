import Vocabulary

/// For fault tests: `PLIMSOLL_CLOCK_OFFSET=3600` gives a process a clock that is an hour ahead, as a machine's may be.
package func wallClock(_ environment: [String: String]) -> WallClock {
    guard let seconds = environment["PLIMSOLL_CLOCK_OFFSET"].flatMap(Int64.init), seconds != 0 else { return .system }
    return WallClock(now: { WallClock.system.now() + .seconds(seconds) }, pause: WallClock.system.pause)
}
