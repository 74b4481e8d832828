/// Why a forecast was refused. Everything else gets an answer.
public enum ForecastError: Error, Sendable, CustomStringConvertible {
    /// A demand that cannot be: NaN, infinite or negative. `period` counts from 0, the oldest.
    case invalidDemand(period: Int, value: Double)
    /// A share of a period with stock that cannot be, or is missing; `period` counts from 0, the oldest.
    case invalidAvailability(period: Int, value: Double)
    /// How much there is of an event, where that is missing or no number; `period` counts from 0, the oldest, on into those
    /// ahead.
    case invalidEvent(name: String, period: Int, value: Double)
    /// No period was given at all; use an analogue item or a planner's figure.
    case emptyHistory
    case invalidSeason(Int)
    case invalidHorizon(Int)
    case invalidLevel(Double)
    /// This one method needs more periods than there are; the automatic method falls back to a simpler one.
    case historyTooShort(method: String, needs: Int, has: Int)
    /// More periods were asked of a forecast than it looks ahead.
    case beyondHorizon(asked: Double, horizon: Int)

    public var description: String {
        switch self {
        case .invalidDemand(let period, let value): "demand[\(period)] is \(value); expected a number of units from 0 to 1e100"
        case .invalidAvailability(let period, let value): "available[\(period)] is \(value); expected a share from 0 to 1"
        case .invalidEvent(let name, let period, let value): "\(name)[\(period)] is \(value); expected a number"
        case .emptyHistory: "the demand history is empty; expected at least one period"
        case .invalidSeason(let season): "season is \(season); expected 1 (none) to 10000 periods"
        case .invalidHorizon(let horizon): "horizon is \(horizon); expected 1 to 10000 periods"
        case .invalidLevel(let level): "quantile level is \(level); expected a number between 0 and 1, both excluded"
        case .historyTooShort(let method, let needs, let has): "\(method) needs \(needs) periods of history and has \(has)"
        case .beyondHorizon(let asked, let horizon): "\(asked) periods were asked of a forecast over \(horizon)"
        }
    }
}

extension ForecastError: Hashable {
    /// Two refusals of NaN are the same refusal, so values compare by their text.
    public static func == (left: Self, right: Self) -> Bool { left.description == right.description }
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
