import Foundation
import Planning
import Vocabulary

/// Why each forecast is what it is: one JSON object a line.
final class ExplanationFile {
    private let file: GzipFile
    private let frequency: Frequency
    private let encoder = JSONEncoder()

    init(_ path: String, _ frequency: Frequency) throws(WorkbenchError) {
        file = try GzipFile(writing: path)
        self.frequency = frequency
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    private struct Line: Encodable {
        let uniqueId: String
        let cutoff: String
        let method: String
        let explanation: ForecastExplanation
        let treatedOn: [String]
    }

    /// - Parameter count: periods of the series that were seen.
    func write(_ forecast: SeriesForecast, _ series: DemandFile.Series, count: Int) throws {
        let line = Line(
            uniqueId: series.id, cutoff: frequency.day(count - 1, after: series.first).description, method: forecast.method,
            explanation: forecast.explanation,
            treatedOn: forecast.explanation.treatments.map { frequency.day($0.period, after: series.first).description })
        try file.write(Array(encoder.encode(line)) + [10])
    }
}
