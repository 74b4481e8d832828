import Foundation
import Planning
import Testing
import Vocabulary

@testable import Workbench

@Suite struct `What a file says besides demand` {
    private func run(_ text: String, _ besides: KnownBesides = KnownBesides()) async throws -> (mean: Double, explanation: String)
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = ["in.csv", "out.csv", "why.ndjson"].map { folder.appending(path: $0).path }
        try Data(text.utf8).write(to: URL(filePath: paths[0]))
        let frequency = try Frequency("MS")
        let file = try DemandFile(path: paths[0], frequency: frequency)
        #expect(file.refusals.isEmpty)
        let run = try ForecastRun(
            frequency: frequency, season: 1, request: ForecastRequest(horizon: 2), threads: 2, method: .mean, besides: besides)
        _ = try await run.write(file, cutoffs: [], to: paths[1], explanations: paths[2])
        let lines = try String(contentsOfFile: paths[1], encoding: .utf8).split(separator: "\n")
        return (try #require(Double(lines[1].split(separator: ",")[3])), try String(contentsOfFile: paths[2], encoding: .utf8))
    }

    private func months(_ values: [(Double, String)]) throws -> String {
        let frequency = try Frequency("MS")
        let first = try #require(BusinessDate(text: "2024-01-01"))
        return "unique_id,ds,y,available\n"
            + values.enumerated().map { "a,\(frequency.day($0, after: first)),\($1.0),\($1.1)\n" }.joined()
    }

    @Test func `a share without stock raises what is learnt from, and the explanation has the day, before and after`()
        async throws
    {
        let text = try months([(10, "1"), (10, ""), (2.5, "0.25"), (10, "1"), (0, "0"), (10, "1")])
        let raised = try await run(text)
        #expect(abs(raised.mean - 10) < 0.5)
        #expect(raised.explanation.contains(#""cause":"noStock","period":2,"recorded":2.5"#))
        #expect(raised.explanation.contains(#""treatedOn":["2024-03-01","2024-05-01"]"#))
        #expect(raised.explanation.contains("no stock for 29 % of the time"))
        let plain = try await run(text, KnownBesides(preparation: DemandPreparation(raisesStockOuts: false)))
        #expect(abs(plain.mean - 42.5 / 6) < 1e-3)
        #expect(plain.explanation.contains(#""treatments":[]"#))
    }

    @Test func `rows that come late bring their share, and objects say it too`() async throws {
        let late = try await run("unique_id,ds,y,available\na,2024-02-01,8,1\na,2024-03-01,8,1\na,2024-01-01,0,0\n")
        #expect(abs(late.mean - 8) < 0.3)
        let objects = ["01-01\",\"y\":8}", "02-01\",\"y\":8}", "03-01\",\"y\":0,\"available\":0}"]
        let answer = try await run(objects.map { "{\"unique_id\":\"a\",\"ds\":\"2024-" + $0 + "\n" }.joined())
        #expect(abs(answer.mean - 8) < 0.3)
    }

    @Test func `a share that cannot be is refused with its row`() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).csv")
        defer { try? FileManager.default.removeItem(at: url) }
        try Data("unique_id,ds,y,available\na,2024-01-01,1,1\na,2024-02-01,1,1.2\na,2024-03-01,1,x\n".utf8).write(to: url)
        let file = try DemandFile(path: url.path, frequency: Frequency("MS"))
        #expect(file.refusals.map(\.row) == [3, 4] && file.refusals.allSatisfy { $0.field == "available" })
    }

    @Test func `an outlier is replaced where that is asked for`() async throws {
        let values = (0..<30).map { (Double(50 + $0 * 7 % 5), "1") }
        var spiked = values
        spiked[12] = (900, "1")
        let replaced = try await run(months(spiked), KnownBesides(preparation: DemandPreparation(replacesOutliers: true)))
        #expect(abs(replaced.mean - 52) < 1)
        #expect(replaced.explanation.contains("Outliers were replaced by what is usual: 900 in period 12"))
        let kept = try await run(months(spiked))
        #expect(kept.mean > 75)
    }
}

@Suite struct `An event file` {
    private func events(_ text: String, frequency: String, first: String, count: Int, horizon: Int) throws -> [DemandEvents.Event]
    {
        let folder = FileManager.default.temporaryDirectory
        let urls = ["events", "demand"].map { folder.appending(path: "\($0)-\(UUID()).csv") }
        defer { for url in urls { try? FileManager.default.removeItem(at: url) } }
        try Data(text.utf8).write(to: urls[0])
        try Data("unique_id,ds,y\na,\(first),1\n".utf8).write(to: urls[1])
        let frequency = try Frequency(frequency)
        let file = try EventFile(path: urls[0].path)
        let series = try DemandFile(path: urls[1].path, frequency: frequency).series[0]
        return file.events(of: series, count: count, horizon: horizon, frequency)
    }

    @Test func `puts each day into its period, for one series or for all`() throws {
        let text =
            "unique_id,ds,name,value\n,2024-01-03,holiday,\na,2024-01-20,sale,0.2\na,2024-01-21,sale,0.3\nb,2024-01-03,sale,9\n"
        let weekly = try events(text, frequency: "W", first: "2024-01-01", count: 2, horizon: 2)
        #expect(weekly.map(\.name) == ["holiday", "sale"])
        #expect(weekly[0].past == [1, 0] && weekly[1].past == [0, 0] && weekly[1].ahead == [0.5, 0])
        let monthly = try events(text, frequency: "MS", first: "2023-11-01", count: 3, horizon: 1)
        #expect(monthly[0].past == [0, 0, 1] && monthly[1].past == [0, 0, 0.5])
    }

    @Test(arguments: [("2024-01-31", [0.0, 1]), ("2024-01-01", [0, 1]), ("2023-12-31", [1, 0]), ("2023-12-01", [1, 0])])
    func `knows that a month named by its last day ends on it`(day: String, past: [Double]) throws {
        let events = try events("ds,name\n\(day),e\n", frequency: "ME", first: "2023-12-31", count: 2, horizon: 1)
        #expect(events[0].past == past)
    }

    @Test func `names the row, the field and what was expected`() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).csv")
        defer { try? FileManager.default.removeItem(at: url) }
        try Data("ds,name,value\n2024-13-01,a,1\n2024-01-01,,1\n2024-01-01,a,x\n2024-01-01,a,1\n".utf8).write(to: url)
        let file = try EventFile(path: url.path)
        #expect(file.rows == 4 && file.refusals.map(\.row) == [2, 3, 4])
        #expect(file.refusals.map(\.field) == ["ds", "name", "value"])
        try Data("day,name\n".utf8).write(to: url)
        #expect(throws: WorkbenchError.self) { try EventFile(path: url.path) }
    }

    @Test func `reaches the forecast of the periods ahead`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let frequency = try Frequency("W")
        let first = try #require(BusinessDate(text: "2022-01-03"))
        var (demand, events) = ("unique_id,ds,y\n", "unique_id,ds,name\n")
        for week in 0..<84 {
            let day = frequency.day(week, after: first)
            if week % 8 == 3 { events += "a,\(day.adding(days: 2)),promotion\n" }
            if week < 80 { demand += "a,\(day),\(50 + week * 3 % 7 + (week % 8 == 3 ? 100 : 0))\n" }
        }
        let paths = ["in.csv", "events.csv", "out.csv"].map { folder.appending(path: $0).path }
        try Data(demand.utf8).write(to: URL(filePath: paths[0]))
        try Data(events.utf8).write(to: URL(filePath: paths[1]))
        let run = try ForecastRun(
            frequency: frequency, season: 1, request: ForecastRequest(horizon: 4), threads: 1,
            besides: KnownBesides(events: EventFile(path: paths[1])))
        _ = try await run.write(try DemandFile(path: paths[0], frequency: frequency), cutoffs: [], to: paths[2])
        let means = try String(contentsOfFile: paths[2], encoding: .utf8).split(separator: "\n").dropFirst().map {
            Double($0.split(separator: ",")[3]) ?? 0
        }
        #expect(abs(means[2] - 53) < 4 && abs(means[3] - 153) < 12)
    }
}
