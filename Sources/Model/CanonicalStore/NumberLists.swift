import Storage
import Vocabulary

/// Lists of numbers as the canonical JSON that `JSON.text` writes, without an encoder: forecasts are hundreds of numbers.
enum NumberLists {
    static func column(_ numbers: [Double]) throws -> SQLValue {
        var bytes: [UInt8] = []
        return try append(numbers, to: &bytes) ? .text(String(decoding: bytes, as: UTF8.self)) : numbers.jsonColumn
    }

    static func column(_ rows: [[Double]]) throws -> SQLValue {
        var bytes = [UInt8(ascii: "[")]
        for (index, row) in rows.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            // What is no number at all has to be refused, and the encoder knows how.
            guard append(row, to: &bytes) else { return try rows.jsonColumn }
        }
        bytes.append(UInt8(ascii: "]"))
        return .text(String(decoding: bytes, as: UTF8.self))
    }

    private static func append(_ numbers: [Double], to bytes: inout [UInt8]) -> Bool {
        bytes.reserveCapacity(bytes.count + 10 * numbers.count + 2)
        bytes.append(UInt8(ascii: "["))
        for (index, number) in numbers.enumerated() {
            guard number.isFinite else { return false }
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            if number == number.rounded(), abs(number) < 1e15, number != 0 || number.sign == .plus {
                bytes.append(contentsOf: Int64(number).description.utf8)
            } else {
                let text = number.description
                bytes.append(contentsOf: text.hasSuffix(".0") ? text.utf8.dropLast(2) : text.utf8[...])
            }
        }
        bytes.append(UInt8(ascii: "]"))
        return true
    }

    /// - Returns: nil when `text` is anything but a plain list of numbers, which may still be JSON.
    static func numbers(in text: some StringProtocol) -> [Double]? {
        guard text.utf8.count > 2, text.hasPrefix("["), text.hasSuffix("]") else { return nil }
        var numbers: [Double] = []
        for part in text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = Double(part) else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    static func rows(in text: String) -> [[Double]]? {
        guard text.utf8.count > 4, text.hasPrefix("[["), text.hasSuffix("]]") else { return nil }
        var rows: [[Double]] = []
        for part in text.dropFirst().dropLast().split(separator: "]", omittingEmptySubsequences: true) {
            guard let row = numbers(in: (part.first == "," ? part.dropFirst() : part) + "]") else { return nil }
            rows.append(row)
        }
        return rows
    }
}

extension ColumnReader {
    package mutating func numbers() throws -> [Double] {
        try read(NumberLists.numbers(in:)) { reader in try reader.json() }
    }

    package mutating func numberRows() throws -> [[Double]] {
        try read(NumberLists.rows(in:)) { reader in try reader.json() }
    }

    private mutating func read<Value>(
        _ quick: (String) -> Value?, else thorough: (inout ColumnReader) throws -> Value
    ) throws -> Value {
        var other = self
        if let value = quick(try next()) { return value }
        let value = try thorough(&other)
        self = other
        return value
    }
}
