import CanonicalModel
import Replenishment
import Storage
import Vocabulary

extension FactsGatherer {
    /// The outlooks of all positions that have a policy or a forecast, in the order of item and location.
    ///
    /// - Parameters:
    ///   - after: the `next` of the page before.
    ///   - limit: how many positions to look at, of items that are not retired at locations in use.
    ///   - condition: on the position (`t`), its location (`l`) and its item (`i`).
    package func outlooks(
        after: PositionKey?, limit: Int, where condition: SQL
    ) throws -> (outlooks: [PositionOutlook], next: PositionKey?) {
        let page = try planned(after: after, limit: limit, where: condition)
        return (try page.facts.map(PositionOutlook.init), page.next)
    }
}
