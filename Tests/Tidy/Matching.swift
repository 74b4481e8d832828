import Foundation

/// Where a pattern is found in a text.
struct Match {
    let line: Int
    /// UTF-16 offset of the match's end.
    let end: Int
    /// The whole match, then its groups; a group that took no part is empty.
    let groups: [String]
}

extension String {
    /// Every place where `pattern`, a regular expression whose `^` and `$` are line ends, is found.
    func matches(_ pattern: String) throws -> [Match] {
        let expression = try NSRegularExpression(pattern: pattern, options: .anchorsMatchLines)
        let whole = self as NSString
        var line = 1
        var counted = 0
        return expression.matches(in: self, range: NSRange(location: 0, length: whole.length)).map { found in
            let passed = whole.substring(with: NSRange(location: counted, length: found.range.location - counted))
            line += passed.utf8.count { $0 == UInt8(ascii: "\n") }
            counted = found.range.location
            let groups = (0..<found.numberOfRanges).map { group in
                let range = found.range(at: group)
                return range.location == NSNotFound ? "" : whole.substring(with: range)
            }
            return Match(line: line, end: found.range.location + found.range.length, groups: groups)
        }
    }

    /// The words of an identifier: `orderUpToLevel` and `order_up_to_level` are both order, up, to, level.
    var identifierWords: [String] {
        var words: [String] = []
        var word = ""
        let characters = Array(self)
        for (index, character) in characters.enumerated() {
            let next = index + 1 < characters.count ? characters[index + 1] : nil
            let startsWord =
                character.isUppercase
                && (word.last?.isLowercase == true || word.last?.isNumber == true || (!word.isEmpty && next?.isLowercase == true))
            if startsWord || !(character.isLetter || character.isNumber) {
                if !word.isEmpty { words.append(word) }
                word = ""
            }
            if character.isLetter || character.isNumber { word.append(character) }
        }
        return word.isEmpty ? words : words + [word]
    }
}

/// A place that a rule lets be, and why. An entry that excuses nothing is a finding itself.
struct Allowance: Hashable {
    let path: String
    let what: String
    let reason: String

    init(_ path: String, _ what: String, because reason: String) {
        self.path = path
        self.what = what
        self.reason = reason
    }

    func covers(_ path: String, _ what: String) -> Bool {
        self.what == what && (path == self.path || path.hasPrefix(self.path + "/"))
    }
}

/// Offences less those that are allowed, and the allowances that nobody needs.
func weigh(
    _ offences: [(what: String, finding: Finding)], allowing allowances: [Allowance], in repository: Repository
) -> [Finding] {
    var unused = Set(allowances.filter { repository.holds($0.path) })
    let findings = offences.filter { offence in
        guard let allowance = allowances.first(where: { $0.covers(offence.finding.path, offence.what) }) else { return true }
        unused.remove(allowance)
        return false
    }
    return findings.map(\.finding)
        + unused.sorted { $0.path < $1.path }.map {
            Finding($0.path, 1, "nothing here needs the allowance for \($0.what) any more: take it out of Tests/Tidy")
        }
}
