import Planning

/// What one method was worth.
public struct BacktestResult: Sendable {
    public let method: ForecastRun.Method
    public internal(set) var scores: ForecastScores
    /// Of the stock held at the forecasts' 95 % quantiles of the protection interval; nil when none was simulated.
    public internal(set) var stock: PeriodicReview.Result?
    /// Processor seconds for the forecasts alone, and the seconds that passed meanwhile; 0 when nothing measured them.
    public internal(set) var seconds = 0.0
    public internal(set) var elapsed = 0.0

    init(method: ForecastRun.Method, levels: [Double]) {
        self.method = method
        scores = ForecastScores(levels: levels)
    }

    public var cost: Double? { stock?.cost(at: Backtest.stockLevel) }
}

/// Results side by side, for people and for programs.
public struct BacktestTable: Sendable {
    public let results: [BacktestResult]

    public init(_ results: [BacktestResult]) { self.results = results }

    /// One line for each figure: what a program finds it by, how a person calls it, and how it is written.
    private struct Figure: Sendable {
        let name: String
        let heading: String
        let digits: Int
        var percent = false
        let value: @Sendable (BacktestResult) -> Double?
    }

    private static let figures: [Figure] = [
        Figure(name: "wape", heading: "WAPE %", digits: 1, percent: true) { $0.scores.wape },
        Figure(name: "bias", heading: "bias %", digits: 1, percent: true) { $0.scores.bias },
        Figure(name: "valueAdded", heading: "added %", digits: 1, percent: true) { $0.scores.valueAdded },
        Figure(name: "mase", heading: "MASE", digits: 3) { $0.scores.meanMASE },
        Figure(name: "rmsse", heading: "RMSSE", digits: 3) { $0.scores.meanRMSSE },
        Figure(name: "scaledPinball", heading: "SPL", digits: 4) { $0.scores.meanScaledPinball },
        Figure(name: "coverage80", heading: "in 80 %", digits: 1, percent: true) { coverage($0, 0.8) },
        Figure(name: "coverage95", heading: "in 95 %", digits: 1, percent: true) { coverage($0, 0.95) },
        Figure(name: "sumCoverage95", heading: "sum 95 %", digits: 1, percent: true) {
            result in result.scores.levels.firstIndex(of: 0.95).flatMap { result.scores.sumCoverage($0) }
        },
        Figure(name: "cost95", heading: "cost 95", digits: 2) { $0.cost },
    ]

    private static let further: [Figure] = [
        Figure(name: "smape", heading: "", digits: 0) { $0.scores.meanSMAPE },
        Figure(name: "owa", heading: "", digits: 0) { $0.scores.overallWeightedAverage },
        Figure(name: "naiveWape", heading: "", digits: 0) { $0.scores.naiveWAPE },
        Figure(name: "fillRate95", heading: "", digits: 0) { $0.stock?.fillRate },
        Figure(name: "seconds", heading: "", digits: 0) { $0.seconds },
        Figure(name: "elapsed", heading: "", digits: 0) { $0.elapsed },
    ]

    private static func coverage(_ result: BacktestResult, _ level: Double) -> Double? {
        result.scores.levels.firstIndex(of: level).flatMap { result.scores.coverage($0) }
    }

    /// The figures that at least one method has.
    private var shown: [Figure] {
        Self.figures.filter { figure in results.contains { figure.value($0) != nil } }
    }

    public var columns: [String] { ["method", "forecasts"] + shown.map(\.heading) }

    public var rows: [[String]] {
        results.map { result in
            [result.method.rawValue, "\(result.scores.cases)"] + shown.map { text($0, result) }
        }
    }

    private func text(_ figure: Figure, _ result: BacktestResult) -> String {
        figure.value(result).map { decimal(figure.percent ? 100 * $0 : $0, figure.digits) } ?? "-"
    }

    /// For each column of `rows`, which methods are best; nothing where more is not better or worse.
    var best: [[Bool]] {
        let lower: Set = ["wape", "mase", "rmsse", "scaledPinball", "cost95"]
        let columns: [[Bool]] = shown.map { figure in
            let values = results.map(figure.value)
            guard lower.contains(figure.name) || figure.name == "valueAdded", results.count > 1 else {
                return values.map { _ in false }
            }
            let known = values.compactMap { $0 }
            let target = figure.name == "valueAdded" ? known.max() : known.min()
            return values.map { $0 != nil && $0 == target }
        }
        return results.indices.map { row in [false, false] + columns.map { $0[row] } }
    }

    /// One object for each method, and in it each figure that there is.
    public var objects: [[String: Double]] {
        results.map { result in
            var object = ["forecasts": Double(result.scores.cases)]
            for figure in Self.figures + Self.further { object[figure.name] = figure.value(result) }
            for (index, level) in result.scores.levels.enumerated() {
                let percent = Int((level * 100).rounded())
                object["coverage\(percent)"] = result.scores.coverage(index)
                object["sumCoverage\(percent)"] = result.scores.sumCoverage(index)
                object["scaledPinball\(percent)"] = result.scores.scaledPinball(index)
            }
            return object
        }
    }
}
