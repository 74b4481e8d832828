import Vocabulary

/// The text that opens the door: `plm_` and 256 random bits in base 62.
///
/// A digest without salt is enough: nobody can try 2^256 keys, and it lets the key be looked up by an index.
struct APIKeySecret {
    static let prefix = "plm_"
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    /// 62^43 is the first power above 2^256.
    private static let length = 43

    let text: String

    init(_ randomness: Randomness) {
        var words = (0..<4).map { _ in randomness.next() }
        let digits = (0..<Self.length).map { _ in Self.alphabet[Int(Self.divide(&words, by: 62))] }
        text = Self.prefix + String(decoding: digits, as: UTF8.self)
    }

    var digest: String { Self.digest(of: text) }

    static func digest(of text: String) -> String { Digest(of: text).rawValue }

    static func isWellFormed(_ text: String) -> Bool {
        text.hasPrefix(prefix) && text.utf8.count == prefix.utf8.count + length
            && text.utf8.dropFirst(prefix.utf8.count).allSatisfy(alphabet.contains)
    }

    /// Long division of a number of 64-bit digits, the highest first.
    ///
    /// - Returns: the remainder.
    private static func divide(_ words: inout [UInt64], by divisor: UInt64) -> UInt64 {
        var remainder: UInt64 = 0
        for index in words.indices {
            let (quotient, rest) = divisor.dividingFullWidth((remainder, words[index]))
            words[index] = quotient
            remainder = rest
        }
        return remainder
    }
}
