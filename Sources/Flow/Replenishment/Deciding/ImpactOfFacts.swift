import CanonicalModel
import Vocabulary

extension Impact {
    /// When the stock will be used up if nothing more is done: what the facts' own forecast and open supply say.
    init(of facts: DecisionFacts) {
        let position = facts.position
        guard let forecast = position.forecast, let balance = position.balance else {
            self.init(stockOutOn: nil, quantityAtRisk: nil, explanation: "Without a forecast and a balance no day can be named.")
            return
        }
        var stock = balance.balance.onHand.double - balance.balance.allocated.double
        let days = min(forecast.mean.count * forecast.periodDays, 120)
        var stockOut: BusinessDate?
        for offset in 0..<days {
            let day = facts.today.adding(days: offset)
            let arriving = position.supply.filter {
                ($0.expectedOn ?? facts.today) == day || (offset == 0 && ($0.expectedOn ?? day) < day)
            }
            stock += arriving.reduce(0) { $0 + ((try? $1.open.double) ?? 0) }
            let period = day.days(since: forecast.start) / forecast.periodDays
            guard period >= 0, period < forecast.mean.count else { continue }
            stock -= forecast.mean[period] / Double(forecast.periodDays)
            if stock < 0, stockOut == nil { stockOut = day }
        }
        let missing = stock < 0 ? try? Quantity(rounding: -stock) : nil
        let name = "\(position.item.id) at \(position.location.id)"
        self.init(
            stockOutOn: stockOut, quantityAtRisk: missing,
            explanation: stockOut.map { "\(name) is expected to run out on \($0)." } ?? "\(name) is covered for \(days) days.")
    }
}
