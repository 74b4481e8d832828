import Foundation
import Planning
import Testing
import Vocabulary
import Workbench

@Suite struct `Forecasts from a file` {
    private func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plimsoll-workbench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private func demand(_ text: String, _ name: String = "demand.csv") throws -> DemandFile {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: name).path
        try Data(text.utf8).write(to: URL(filePath: path))
        return try DemandFile(path: path, frequency: Frequency("MS"))
    }

    @Test func `a row that cannot be read is named, and the rest goes on`() throws {
        let file = try demand(
            "unique_id,ds,y\na,2024-01-01,5\na,2024-02-30,5\na,2024-02-01,NaN\na,2024-02-01,-1\na,2024-03-01,7\nb,2024-01-01,1\n")
        #expect(file.series.map(\.id) == ["a", "b"])
        #expect(file.series[0].values == [5, 0, 7])
        #expect(file.filled == 1)
        #expect(file.refusals.map(\.row) == [3, 4, 5])
        #expect(file.refusals.map(\.field) == ["ds", "y", "y"])
        #expect(file.refusals[1].found == "NaN")
    }

    @Test func `late rows find their place and objects read like columns`() throws {
        let columns = try demand("ds,y,unique_id\n2024-03-01,3,\"a,b\"\n2024-01-01,1,\"a,b\"\n2024-02-01,2,\"a,b\"\n")
        #expect(columns.series[0].id == "a,b")
        #expect(columns.series[0].values == [1, 2, 3])
        let objects = try demand("{\"unique_id\":\"a\",\"ds\":\"2024-01-01\",\"y\":4}\n", "demand.ndjson")
        #expect(objects.series[0].values == [4])
    }

    @Test(arguments: [
        ("MS", "2024-01-01", "2024-02-01"), ("ME", "2024-01-31", "2024-02-29"), ("QS", "2024-01-01", "2024-04-01"),
        ("W", "2024-01-07", "2024-01-14"), ("D", "2024-02-28", "2024-02-29"), ("YS", "2024-01-01", "2025-01-01"),
    ])
    func `a period is as long as the calendar says`(frequency: String, day: String, next: String) throws {
        let frequency = try Frequency(frequency)
        let first = try #require(BusinessDate(text: day))
        let second = try #require(BusinessDate(text: next))
        #expect(frequency.day(1, after: first) == second)
        #expect(frequency.periods(from: first, to: second) == 1)
    }

    @Test func `the file is the same on one thread and on two, compressed or not, and blind beyond the cutoff`() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var text = "unique_id,ds,y\n"
        let frequency = try Frequency("MS")
        let start = try #require(BusinessDate(text: "2020-01-01"))
        for series in 0..<30 {
            for month in 0..<40 {
                let value = (month * 7 + series * 13) % 11 + (month == 39 ? 1000 : 0)
                text += "s\(series),\(frequency.day(month, after: start)),\(series % 2 == 0 || month % 3 == 0 ? value : 0)\n"
            }
        }
        let input = folder.appending(path: "in.csv").path
        try Data(text.utf8).write(to: URL(filePath: input))
        let request = try ForecastRequest(horizon: 3, protection: 2)
        let file = try DemandFile(path: input, frequency: frequency)
        var answers: [String] = []
        for threads in [1, 2] {
            let output = folder.appending(path: "out\(threads).csv").path
            let run = ForecastRun(frequency: frequency, season: 12, request: request, threads: threads)
            let outcome = try await run.write(file, cutoffs: [frequency.day(38, after: start)], to: output)
            #expect(outcome.rows == 90)
            answers.append(try String(contentsOfFile: output, encoding: .utf8))
        }
        #expect(answers[0] == answers[1])
        let lines = answers[0].split(separator: "\n")
        #expect(lines[0] == "unique_id,cutoff,ds,mean,q50,q80,q90,q95,q99,p50,p80,p90,p95,p99")
        #expect(lines[1].hasPrefix("s0,2023-03-01,2023-04-01,"))
        for line in lines.dropFirst() {
            let mean = try #require(Double(line.split(separator: ",", omittingEmptySubsequences: false)[3]))
            #expect(mean >= 0 && mean < 60)
        }
        let packed = folder.appending(path: "out.csv.gz").path
        _ = try await ForecastRun(frequency: frequency, season: 12, request: request, threads: 1).write(
            file, cutoffs: [], to: packed)
        #expect(try Data(contentsOf: URL(filePath: packed)).prefix(2) == Data([0x1f, 0x8b]))
    }

    @Test func `a word that is not known is refused with what was expected`() {
        #expect(throws: WorkbenchError.self) { try Frequency("fortnight") }
        #expect(throws: WorkbenchError.file("/nowhere/x.csv", "cannot be read")) {
            try DemandFile(path: "/nowhere/x.csv", frequency: Frequency("D"))
        }
    }
}
