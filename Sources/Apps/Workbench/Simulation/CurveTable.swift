import Foundation
import Planning

/// Service curves as rows of figures, for people and for programs.
public struct CurveTable: Sendable {
    public let curves: [ServiceCurve]

    public init(_ curves: [ServiceCurve]) { self.curves = curves }

    public static let columns = [
        "rule", "target", "fillRate", "periodService", "periodsOfStock", "orders", "demand", "short",
    ]

    public var csv: String {
        let rows = curves.flatMap { curve in
            curve.points.map { point in
                [
                    curve.rule.rawValue, "\(point.target)", point.result.fillRate.map { "\($0)" } ?? "",
                    point.result.periodService.map { "\($0)" } ?? "", "\(point.periodsOfStock)", "\(point.result.orders)",
                    "\(point.result.demand)", "\(point.result.short)",
                ].joined(separator: ",")
            }
        }
        return ([Self.columns.joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
    }

    /// One row for each rule and target, as a person reads them: shares in percent.
    public var rows: [[String]] {
        curves.flatMap { curve in
            curve.points.map { point in
                [
                    curve.rule.rawValue, decimal(100 * point.target, 1), percent(point.result.fillRate),
                    percent(point.result.periodService), decimal(point.periodsOfStock, 2), "\(point.result.orders)",
                ]
            }
        }
    }

    /// What each rule needs to reach some fill rates, in periods of stock; nothing where its curve does not go so far.
    public func stock(atFillRates rates: [Double]) -> [[String]] {
        curves.map { curve in
            [curve.rule.rawValue] + rates.map { rate in curve.stock(atFillRate: rate).map { decimal($0, 2) } ?? "-" }
        }
    }

    private func percent(_ value: Double?) -> String { value.map { decimal(100 * $0, 2) } ?? "-" }
}

/// A number with so many digits after the point.
func decimal(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
