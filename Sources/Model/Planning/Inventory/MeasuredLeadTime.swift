/// How long one supplier takes to bring one item to one location, and how anybody knows.
///
/// Its own receipts are weighed against what can be said without them: what is stated, moved by how far the supplier's other
/// deliveries were from what was stated for those.
public struct MeasuredLeadTime: Sendable, Hashable, Codable {
    public enum Source: String, Sendable, Hashable, Codable {
        /// Receipts of this item here from this supplier.
        case receipts
        /// The supplier's receipts of other items or elsewhere.
        case supplier
        /// Nothing but what is stated.
        case stated
    }

    /// One delivery of the supplier's, of whatever item, beside what was stated for it.
    public struct Delivery: Sendable, Hashable {
        public let days: Double
        public let statedDays: Double
        public let ageDays: Double

        public init(days: Double, statedDays: Double, ageDays: Double) {
            self.days = days
            self.statedDays = statedDays
            self.ageDays = ageDays
        }
    }

    public let leadTime: LeadTime
    public let source: Source
    /// How many receipts it stands on; 0 for a statement alone.
    public let receipts: Int
    /// Days since the newest of them came.
    public let newestAgeDays: Double?
    public let stated: LeadTime
    /// What was measured and is not believed, and why: for a person to look into.
    public let doubts: [String]

    /// Fewer deliveries say nothing of a supplier's other items.
    static let leastDeliveries = 5

    /// - Parameters:
    ///   - own: receipts of the item here from the supplier.
    ///   - supplier: its deliveries of whatever item.
    ///   - misdated: receipts that were left out because they came before they were ordered.
    ///   - stated: what the sourcing says; a mean of 0 is taken as nothing said, where receipts say more.
    /// - Throws: `PolicyError` for a figure that cannot be.
    public init(own: [OrderReceipt], supplier: [Delivery] = [], misdated: Int = 0, stated: LeadTime) throws(PolicyError) {
        var doubts: [String] = []
        if misdated > 0 { doubts.append("\(misdated) receipts are dated before their orders and were left out") }
        let moved = supplier.map { OrderReceipt(days: max(0, stated.mean + $0.days - $0.statedDays), ageDays: $0.ageDays) }
        var best = (leadTime: stated, source: Source.stated, receipts: 0, newest: Double?.none)
        let candidates = [
            (Source.supplier, moved, Self.leastDeliveries, "deliveries of the supplier"), (.receipts, own, 1, "receipts"),
        ]
        for (source, receipts, least, name) in candidates where receipts.count >= least {
            let estimate = try Self.estimate(receipts, best.leadTime)
            guard let estimate else { continue }
            if let doubt = Self.doubt(receipts, estimate, stated, name) {
                doubts.append(doubt)
                continue
            }
            best = (estimate.leadTime, source, receipts.count, estimate.newestAgeDays)
        }
        (leadTime, source, self.receipts, newestAgeDays) = best
        self.stated = stated
        self.doubts = doubts
    }

    /// Nil when one receipt is all there is, and nothing is stated to hold it against.
    private static func estimate(_ receipts: [OrderReceipt], _ stated: LeadTime) throws(PolicyError) -> LeadTimeEstimate? {
        guard stated.mean <= 0 else { return try LeadTimeEstimate(receipts, stated: stated) }
        return receipts.count < 2 ? nil : try LeadTimeEstimate(receipts, stated: nil)
    }

    /// Four times as long or as short as stated, and by more than days of grace, is an error in the books more often than a lead
    /// time: orders typed in when the goods come, blanket orders that are called off over a year.
    private static func doubt(
        _ receipts: [OrderReceipt], _ estimate: LeadTimeEstimate, _ stated: LeadTime, _ name: String
    ) -> String? {
        let count = "\(receipts.count) \(name)"
        if estimate.isStale {
            return "\(count) are stale: the last came \(Int(estimate.newestAgeDays ?? 0)) days ago"
        }
        let mean = estimate.measured.reduce(0) { $0 + $1.days * $1.share }
        guard stated.mean > 0, mean * 4 < stated.mean - 2 || mean > 4 * stated.mean + 7 else { return nil }
        return "\(count) of \(short(mean)) days are implausible against \(short(stated.mean)) stated"
    }

    /// What it stands on, in a few words.
    public var basis: String {
        switch source {
        case .receipts: "by \(receipts) receipts, \(short(stated.mean)) stated"
        case .supplier: "by \(receipts) deliveries of the supplier, \(short(stated.mean)) stated"
        case .stated: "as stated"
        }
    }
}
