/// The text that a Prometheus server reads.
struct PrometheusPage {
    private(set) var text = ""
    private var lastName = ""

    /// Metrics of one name have to come one after the other.
    mutating func add(_ metric: Metric, name: String, labels: String) {
        if name != lastName {
            if let explanation = metricExplanations[name] { text += "# HELP \(name) \(explanation)\n" }
            text += "# TYPE \(name) \(metric.kind.rawValue)\n"
            lastName = name
        }
        switch metric {
        case .counter(let number), .gauge(let number): line(name, labels, shown(number.value))
        case .histogram(let histogram): add(histogram.reading, name, labels)
        }
    }

    /// Buckets are cumulative: each counts all that is at most its bound.
    private mutating func add(_ reading: Histogram.Reading, _ name: String, _ labels: String) {
        let prefix = labels.isEmpty ? "" : labels + ","
        var total: UInt64 = 0
        for (bound, count) in zip(reading.bounds, reading.counts) {
            total += count
            line(name + "_bucket", "\(prefix)le=\"\(shown(bound))\"", "\(total)")
        }
        total += reading.counts.last ?? 0
        line(name + "_bucket", "\(prefix)le=\"+Inf\"", "\(total)")
        line(name + "_sum", labels, shown(reading.sum))
        line(name + "_count", labels, "\(total)")
    }

    private mutating func line(_ name: String, _ labels: String, _ value: String) {
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }

    private func shown(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return String(value)
    }
}

/// Letters, digits, `_` and `:`, not beginning with a digit; everything else becomes `_`.
func prometheusName(_ label: String) -> String {
    let characters = label.utf8.map { byte -> UInt8 in isNamePart(byte) ? byte : UInt8(ascii: "_") }
    let name = String(decoding: characters, as: UTF8.self)
    return name.first.map { ("0"..."9").contains($0) } ?? true ? "_" + name : name
}

private func isNamePart(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x5f || byte == 0x3a
}

/// `name="value"` with commas between, sorted by name; quotes, backslashes and line ends in values are escaped.
func prometheusLabels(_ dimensions: [(String, String)]) -> String {
    dimensions.sorted { $0.0 < $1.0 }.map { name, value in
        let escaped = value.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n", "\r\n": text += "\\n"
            default: text.append(character)
            }
        }
        return "\(prometheusName(name).replacing(":", with: "_"))=\"\(escaped)\""
    }.joined(separator: ",")
}
