import Planning

/// Service curves drawn: stock to the right, fill rate upwards. The rule whose curve lies highest serves best for what it holds.
public struct CurvePicture: Sendable {
    let curves: [ServiceCurve]
    let caption: String

    /// - Parameter caption: what was simulated, in a line.
    public init(_ curves: [ServiceCurve], caption: String) {
        self.curves = curves
        self.caption = caption
    }

    public var svg: String {
        let points = curves.flatMap(\.points)
        let rates = points.compactMap(\.result.fillRate)
        var drawing = SVG(width: 900, height: 560, title: "Fill rate against stock")
        drawing.text("Fill rate against stock", 70, 38, size: 20, bold: true)
        drawing.text(caption, 70, 60, colour: SVG.faint)
        let panel = Panel(
            left: 70, top: 104, width: 690, height: 386,
            across: Scale(from: 0, to: points.map(\.periodsOfStock).max() ?? 1, count: 8) { value in
                value == value.rounded() ? "\(Int(value))" : decimal(value, 1)
            },
            up: Scale(towardsOneFrom: rates.min() ?? 0, to: rates.max() ?? 1))
        panel.drawAxes(title: "Share of the units served at once", across: "average stock, in periods of demand", into: &drawing)
        let courses = curves.enumerated().map { number, curve in
            Panel.Course(
                name: curve.rule.rawValue, colour: SVG.palette[number % SVG.palette.count],
                points: curve.points.compactMap { point in point.result.fillRate.map { (x: point.periodsOfStock, y: $0) } })
        }
        panel.draw(courses, into: &drawing)
        return drawing.text
    }
}
