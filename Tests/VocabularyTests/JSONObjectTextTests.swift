import Testing
import Vocabulary

@Suite struct JSONObjectTextTests {
    private struct Told: Encodable {
        let count: Int64?
        let inner: [String: String]
        let note: String?
        let text: String
    }

    @Test func `An object written field by field has the bytes that an encoder gives it`() throws {
        let scalars = (0...0x7f).compactMap(Unicode.Scalar.init).map { String(Character($0)) }.joined()
        for text in ["", scalars, "é ß 漢 🛳 \u{2028}\u{fffd}", "</script>"] {
            for (count, note) in [(nil, nil), (Int64.min, "\(text)x"), (0, "")] as [(Int64?, String?)] {
                var object = JSONObjectText()
                object.add("count", count)
                object.add("inner", json: try JSON.text(of: ["a": text]))
                object.add("note", note)
                object.add("text", text)
                #expect(object.text == (try JSON.text(of: Told(count: count, inner: ["a": text], note: note, text: text))))
            }
        }
        #expect(JSONObjectText().text == "{}")
    }
}
