import Foundation

/// A drawing, written as SVG: one file that a browser shows and a document includes.
struct SVG {
    /// Colours that people who see few of them can still tell apart, and that stay dark enough on white for text.
    static let palette = ["#1f5fa8", "#c2571a", "#2b7f62", "#8a3f9c", "#9a7400", "#b3273f", "#3d7ea6", "#5b6b2f"]
    static let (ink, faint, grid, plain) = ("#1d2430", "#5c6675", "#e3e7ed", "#7d8694")
    private static let fonts = "Helvetica, Arial, 'Liberation Sans', sans-serif"

    enum Anchor: String { case start, middle, end }

    private var parts: [String]

    init(width: Double, height: Double, title: String) {
        parts = [
            #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(Self.number(width)) \#(Self.number(height))" "#
                + #"font-family="\#(Self.fonts)" font-size="13" role="img">"#,
            "<title>\(Self.escaped(title))</title>",
            #"<rect width="100%" height="100%" fill="white"/>"#,
        ]
    }

    var text: String { parts.joined(separator: "\n") + "\n</svg>\n" }

    mutating func text(
        _ text: String, _ x: Double, _ y: Double, anchor: Anchor = .start, size: Double = 13, bold: Bool = false,
        colour: String = SVG.ink
    ) {
        var attributes = [("x", Self.number(x)), ("y", Self.number(y)), ("text-anchor", anchor.rawValue)]
        attributes += [("font-size", Self.number(size))] + (bold ? [("font-weight", "bold")] : []) + [("fill", colour)]
        parts.append("<text\(Self.written(attributes))>\(Self.escaped(text))</text>")
    }

    mutating func line(
        _ from: (Double, Double), _ to: (Double, Double), colour: String = SVG.grid, width: Double = 1
    ) {
        add(
            "line",
            [
                ("x1", Self.number(from.0)), ("y1", Self.number(from.1)), ("x2", Self.number(to.0)), ("y2", Self.number(to.1)),
                ("stroke", colour), ("stroke-width", Self.number(width)),
            ])
    }

    /// A line through points, from one to the next.
    mutating func course(_ points: [(Double, Double)], colour: String, width: Double = 2.2, dashed: Bool = false) {
        let path = points.map { "\(Self.number($0.0)),\(Self.number($0.1))" }.joined(separator: " ")
        var attributes = [("points", path), ("fill", "none"), ("stroke", colour), ("stroke-width", Self.number(width))]
        attributes += [("stroke-linejoin", "round"), ("stroke-linecap", "round")]
        add("polyline", attributes + (dashed ? [("stroke-dasharray", "6 4")] : []))
    }

    mutating func dot(_ x: Double, _ y: Double, radius: Double = 3.4, colour: String) {
        add(
            "circle",
            [("cx", Self.number(x)), ("cy", Self.number(y)), ("r", Self.number(radius)), ("fill", colour), ("stroke", "white")])
    }

    private mutating func add(_ name: String, _ attributes: [(String, String)]) {
        parts.append("<\(name)\(Self.written(attributes))/>")
    }

    private static func written(_ attributes: [(String, String)]) -> String {
        attributes.map { " \($0.0)=\"\($0.1)\"" }.joined()
    }

    private static func number(_ value: Double) -> String {
        let text = String(format: "%.1f", value)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: ">", with: "&gt;")
    }
}
