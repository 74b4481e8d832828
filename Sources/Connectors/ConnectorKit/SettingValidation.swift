import Vocabulary

extension Manifest {
    /// Everything that is wrong with the settings given for this connector; empty when nothing is.
    public func validate(_ given: [String: String]) -> [Violation] {
        let known = settings.map(\.key)
        let unknown = given.keys.filter { !known.contains($0) }.sorted().map { key in
            let meant = nearestName(to: key, among: known).map { "did you mean \($0)? " } ?? ""
            let value = settings.contains(where: \.isSecret) ? nil : given[key]
            return Violation(key, found: value, expected: "no such setting; \(meant)\(name) has \(known.joined(separator: ", "))")
        }
        let missing = settings.filter { $0.standard == nil && (given[$0.key] ?? "").isEmpty }.map { setting in
            Violation(setting.key, found: given[setting.key], expected: "a value: \(setting.explanation)")
        }
        return missing + unknown
    }

    /// The settings as a connector is to be given them: checked, with the standard values filled in.
    ///
    /// - Throws: `input.invalid` with every violation at once.
    public func values(_ given: [String: String]) throws(Fault) -> SettingValues {
        let violations = validate(given)
        guard violations.isEmpty else { throw .invalid(violations) }
        var values = given
        for setting in settings where (given[setting.key] ?? "").isEmpty {
            values[setting.key] = setting.standard
        }
        return SettingValues(values)
    }
}
