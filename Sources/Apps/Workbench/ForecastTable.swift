import Foundation
import Planning
import Vocabulary

/// Forecasts as lines of a CSV file: `unique_id,cutoff,ds,mean,q50 ...`, and `p50 ...` for sums.
struct ForecastTable {
    private let request: ForecastRequest
    private(set) var bytes: [UInt8] = []

    init(_ request: ForecastRequest) {
        self.request = request
    }

    func header() -> [UInt8] {
        let names = request.levels.map { level in
            let percent = (level * 1e6).rounded() / 1e4
            return percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
        }
        let sums = request.protection == nil ? [] : names.map { "p" + $0 }
        return Array((["unique_id", "cutoff", "ds", "mean"] + names.map { "q" + $0 } + sums).joined(separator: ",").utf8) + [10]
    }

    mutating func drained() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    /// - Returns: lines added, one a period ahead.
    mutating func append(_ forecast: SeriesForecast, _ series: DemandFile.Series, count: Int, _ frequency: Frequency) -> Int {
        let quoted = series.id.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }
        let id = quoted ? "\"" + series.id.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : series.id
        let start = Array("\(id),\(frequency.day(count - 1, after: series.first)),".utf8)
        for ahead in 0..<forecast.horizon {
            bytes += start
            bytes += Array(frequency.day(count + ahead, after: series.first).description.utf8)
            append(forecast.mean[ahead])
            for row in forecast.quantiles { append(row[ahead]) }
            if request.protection != nil {
                for level in request.levels.indices {
                    let row = level < forecast.protection.count ? forecast.protection[level] : []
                    if ahead < row.count { append(row[ahead]) } else { bytes.append(UInt8(ascii: ",")) }
                }
            }
            bytes.append(10)
        }
        return forecast.horizon
    }

    /// Seven digits that count: more than any forecast knows.
    private mutating func append(_ value: Double) {
        bytes.append(UInt8(ascii: ","))
        if value == 0 { return bytes.append(UInt8(ascii: "0")) }
        let digits = pow(10, 6 - log10(value).rounded(.down))
        let rounded = digits.isFinite && digits > 1e-3 ? (value * digits).rounded() / digits : value
        bytes += Array("\(rounded == rounded.rounded() && rounded < 1e15 ? "\(Int64(rounded))" : "\(rounded)")".utf8)
    }
}
