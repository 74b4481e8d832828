import Planning

/// A backtest drawn: how the error grows with the distance, whether the quantiles hold, and the figures.
public struct BacktestPicture: Sendable {
    let results: [BacktestResult]
    let caption: String

    /// - Parameter caption: what was forecast, in a line.
    public init(_ results: [BacktestResult], caption: String) {
        self.results = results
        self.caption = caption
    }

    private func colour(_ number: Int) -> String { SVG.palette[number % SVG.palette.count] }

    public var svg: String {
        let tableTop = 480.0
        var drawing = SVG(width: 1080, height: tableTop + 60 + 26 * Double(results.count), title: "Backtest")
        drawing.text("Forecasts against what then happened", 70, 38, size: 20, bold: true)
        drawing.text(caption, 70, 60, colour: SVG.faint)
        drawErrors(&drawing)
        drawCoverage(&drawing)
        drawTable(&drawing, top: tableTop)
        return drawing.text
    }

    private func drawErrors(_ drawing: inout SVG) {
        let courses = results.enumerated().map { number, result in
            Panel.Course(
                name: result.method.rawValue, colour: colour(number),
                points: result.scores.wapeAhead.enumerated().compactMap { step, error in
                    error.map { (x: Double(step + 1), y: 100 * $0) }
                })
        }
        let values = courses.flatMap { $0.points.map(\.y) }
        let (lowest, highest) = (values.min() ?? 0, values.max() ?? 1)
        // Lines that lie close together are told apart by an axis that does not begin at zero.
        let floor = lowest > 0.5 * highest ? max(0, lowest - (highest - lowest) / 2) : 0
        let periods = Double(results.map(\.scores.wapeAhead.count).max() ?? 1)
        let panel = Panel(
            left: 70, top: 116, width: 380, height: 290,
            across: Scale(from: min(1, periods - 1), to: periods, count: 6) { $0 == $0.rounded() ? "\(Int($0))" : "" },
            up: Scale(from: floor, to: highest) { value in decimal(value, value == value.rounded() ? 0 : 1) })
        panel.drawAxes(title: "Error, WAPE in %", across: "periods ahead", into: &drawing)
        panel.draw(courses, into: &drawing)
    }

    private func drawCoverage(_ drawing: inout SVG) {
        let levels = results.first?.scores.levels ?? []
        let courses = results.enumerated().map { number, result in
            Panel.Course(
                name: result.method.rawValue, colour: colour(number),
                points: levels.indices.compactMap { level in
                    result.scores.coverage(level).map { (x: levels[level], y: $0) }
                })
        }
        let shares = courses.flatMap { $0.points.map(\.y) } + levels
        let panel = Panel(
            left: 640, top: 116, width: 300, height: 290,
            across: Scale(towardsOneFrom: (levels.min() ?? 0) - 0.05, to: levels.max() ?? 1, written: levels),
            up: Scale(towardsOneFrom: shares.min() ?? 0, to: shares.max() ?? 1))
        panel.drawAxes(title: "Demand within the quantile", across: "the quantile says", into: &drawing)
        let honest = Panel.Course(name: "", colour: SVG.plain, points: levels.map { (x: $0, y: $0) }, dashed: true)
        drawing.course(honest.points.map { panel.place($0.x, $0.y) }, colour: SVG.plain, width: 1.4, dashed: true)
        panel.draw(courses, into: &drawing)
    }

    private func drawTable(_ drawing: inout SVG, top: Double) {
        let table = BacktestTable(results)
        let width = (1010.0 - 170) / Double(max(1, table.columns.count - 1))
        func right(_ column: Int) -> Double { 70 + 130 + width * Double(column) }
        for (column, name) in table.columns.enumerated() {
            let x = column == 0 ? 70 : right(column)
            drawing.text(name, x, top, anchor: column == 0 ? .start : .end, size: 12, colour: SVG.faint)
        }
        drawing.line((70, top + 9), (right(table.columns.count - 1), top + 9), colour: SVG.plain)
        for (row, (cells, best)) in zip(table.rows, table.best).enumerated() {
            let y = top + 32 + 26 * Double(row)
            for (column, cell) in cells.enumerated() {
                if column == 0 {
                    drawing.text(cell, 70, y, bold: true, colour: colour(row))
                } else {
                    drawing.text(cell, right(column), y, anchor: .end, bold: best[column])
                }
            }
        }
    }
}
