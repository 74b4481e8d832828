import Planning
import Testing

@Suite struct `The lead time of a sourcing` {
    let stated = LeadTime(mean: 14, deviation: 2)

    func receipts(_ days: [Double], age: Double = 10) -> [OrderReceipt] { days.map { OrderReceipt(days: $0, ageDays: age) } }

    func deliveries(_ late: Double, count: Int, stated: Double = 30) -> [MeasuredLeadTime.Delivery] {
        (0..<count).map { _ in .init(days: stated + late, statedDays: stated, ageDays: 0) }
    }

    @Test func `stands on its own receipts where there are any, and says on how many`() throws {
        let measured = try MeasuredLeadTime(own: receipts([20, 22, 24]), stated: stated)
        #expect(measured.source == .receipts && measured.receipts == 3 && measured.newestAgeDays == 10)
        #expect(measured.leadTime.mean > 17 && measured.leadTime.mean < 19 && measured.leadTime.deviation > stated.deviation)
        #expect(measured.doubts.isEmpty && measured.basis == "by 3 receipts, 14 stated")
    }

    @Test func `falls back on how late the supplier is with other items, and from there on what is stated`() throws {
        // Five deliveries, each four days later than stated for it: three parts stated and five measured.
        let late = try MeasuredLeadTime(own: [], supplier: deliveries(4, count: 5), stated: stated)
        #expect(late.source == .supplier && late.receipts == 5)
        #expect(isClose(late.leadTime.mean, (3 * 14 + 5 * 18) / 8.0))
        let unknown = try MeasuredLeadTime(own: [], supplier: deliveries(4, count: 4), stated: stated)
        #expect(unknown.source == .stated && unknown.receipts == 0 && unknown.leadTime == stated && unknown.basis == "as stated")
    }

    @Test func `weighs one receipt of its own against all that the supplier delivered`() throws {
        let both = try MeasuredLeadTime(own: receipts([18]), supplier: deliveries(4, count: 50), stated: stated)
        #expect(both.source == .receipts && both.leadTime.mean > 17)
        #expect(try MeasuredLeadTime(own: receipts([18]), stated: stated).leadTime.mean < 15.1)
    }

    @Test func `does not believe what is stale, implausible or dated before its order, and says so`() throws {
        let stale = try MeasuredLeadTime(own: receipts([20, 20], age: 400), stated: stated)
        #expect(stale.source == .stated && stale.leadTime == stated)
        #expect(stale.doubts == ["2 receipts are stale: the last came 400 days ago"])
        // Orders that are typed in when the goods come; and a blanket order, called off over a year.
        let typed = try MeasuredLeadTime(own: receipts([0, 0, 1]), misdated: 2, stated: stated)
        #expect(typed.leadTime == stated && typed.doubts.count == 2 && typed.doubts[0].hasPrefix("2 receipts are dated before"))
        #expect(typed.doubts[1] == "3 receipts of 0.33 days are implausible against 14 stated")
        #expect(try MeasuredLeadTime(own: receipts([200, 300]), stated: stated).leadTime == stated)
        // A day instead of two, or a week more, is no error of the books.
        let quick = try MeasuredLeadTime(own: receipts([1, 1]), stated: LeadTime(mean: 2, deviation: 0))
        #expect(quick.source == .receipts && quick.doubts.isEmpty)
    }

    @Test func `takes a lead time of zero as nothing said`() throws {
        let nothing = LeadTime(mean: 0, deviation: 0)
        let measured = try MeasuredLeadTime(own: receipts([9, 11]), stated: nothing)
        #expect(measured.leadTime.mean == 10 && measured.source == .receipts)
        #expect(try MeasuredLeadTime(own: receipts([9]), stated: nothing).leadTime == nothing)
    }
}
