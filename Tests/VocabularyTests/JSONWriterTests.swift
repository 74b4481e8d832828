import Testing
import Vocabulary

@Suite struct JSONWriterTests {
    private struct Told: JSONWritable {
        let count: Int64?
        let inner: [String: String]
        let note: String?
        let ratio: Double
        let text: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.add("count", count)
                json.add("inner", inner)
                json.add("note", note)
                json.add("ratio", ratio)
                json.add("text", text)
            }
        }
    }

    private func expectEncodersBytes(_ value: some JSONWritable) throws {
        let (written, encoded) = (try JSON.text(of: value), String(decoding: try JSON.bytes(of: value), as: UTF8.self))
        #expect(written == encoded)
    }

    @Test func `What writes itself has the bytes that an encoder gives it`() throws {
        let scalars = (0...0x7f).compactMap(Unicode.Scalar.init).map { String(Character($0)) }.joined()
        for text in ["", scalars, "é ß 漢 🛳 \u{2028}\u{fffd}", "</script>"] {
            for (count, note) in [(nil, nil), (Int64.min, "\(text)x"), (0, "")] as [(Int64?, String?)] {
                let told = Told(count: count, inner: ["b": text, "a\(text)": ""], note: note, ratio: 0.5, text: text)
                try expectEncodersBytes(told)
            }
        }
        let empty = try JSON.object { _ in }
        #expect(empty == "{}")
    }

    @Test func `Numbers have an encoder's digits`() throws {
        let halves = [0, -0.0, 1, -1, 0.1, 1.0 / 3, 1e-7, 999_999_999_999_999, 1e15, -1e15, 1e16, 9_007_199_254_740_992]
        let chance = Randomness.seeded(7)
        let wild = (0..<2000).map { _ in Double(bitPattern: chance.next()) }.filter(\.isFinite)
        for number in halves + [.greatestFiniteMagnitude, .leastNonzeroMagnitude] + wild {
            try expectEncodersBytes([number])
        }
        for number in [0, 9, 10, -10, 99, 100, .max, .min] + (0..<500).map({ Int64(bitPattern: chance.next()) >> ($0 % 64) }) {
            try expectEncodersBytes([number])
            try expectEncodersBytes(Quantity(scaled: number))
            #expect(Quantity(scaled: number).description == decimal(number))
        }
        for number in [Double.nan, .infinity] { #expect(throws: Fault.self) { try JSON.text(of: [number]) } }
    }

    /// A decimal written the long way.
    private func decimal(_ scaled: Int64) -> String {
        let digits = String(scaled.magnitude)
        let padded = String(repeating: "0", count: max(0, 7 - digits.count)) + digits
        let (whole, fraction) = (padded.dropLast(6), padded.suffix(6).reversed().drop { $0 == "0" }.reversed())
        return (scaled < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + String(fraction))
    }
}
