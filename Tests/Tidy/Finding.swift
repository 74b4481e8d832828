import Testing

/// One place where the project breaks a rule of the house.
struct Finding: Hashable, CustomStringConvertible {
    let path: String
    let line: Int
    let complaint: String

    init(_ path: String, _ line: Int = 1, _ complaint: String) {
        self.path = path
        self.line = line
        self.complaint = complaint
    }

    /// The form that editors and continuous integration turn into a link.
    var description: String { "\(path):\(line): \(complaint)" }
}

/// Every finding becomes an issue of its own, so that one run shows all that there is to mend.
func expectNone(_ findings: [Finding]) {
    for finding in findings.prefix(200) {
        Issue.record("\(finding)")
    }
    if findings.count > 200 {
        Issue.record("and \(findings.count - 200) more")
    }
}
