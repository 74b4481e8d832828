import ConnectorKit
import Vocabulary

/// Decodes what a caller sent, and refuses what nobody will ever look at: a misspelled key is a lost value.
///
/// - Parameters:
///   - shape: of `bytes`; read before, so that keys are known to be there once.
///   - row: of a batch, counted from 1; nil outside batches.
/// - Throws: `input.invalid` with the fields that do not fit or are not known.
package func decodeStrictly<Value: Codable>(
    _ type: Value.Type = Value.self, from bytes: some Collection<UInt8>, shape: JSONShape, row: Int? = nil
) throws(Fault) -> Value {
    do throws(Fault) {
        let value = try JSON.decode(type, from: bytes)
        // Writing the value again gives exactly the keys that were understood.
        let understood = try JSONShape(reading: try JSON.bytes(of: value), nesting: .max)
        var unknown: [Violation] = []
        complain(about: shape, understood, Mirror(reflecting: value), "", &unknown)
        guard unknown.isEmpty else { throw Fault.invalid(unknown) }
        return value
    } catch {
        guard let row, !error.violations.isEmpty else { throw error }
        throw .invalid(error.violations.map { Violation($0.field, found: $0.found, expected: $0.expected, row: row) })
    }
}

/// - Parameter mirror: knows the names of fields that the caller left out, which `understood` lacks.
private func complain(
    about given: JSONShape, _ understood: JSONShape, _ mirror: Mirror?, _ path: String, _ found: inout [Violation]
) {
    switch (given, understood) {
    case (.object(let given), .object(let understood)):
        let fields = mirror?.children.compactMap { child in child.label.map { ($0, child.value) } } ?? []
        let byName = Dictionary(fields) { first, _ in first }
        for (key, shape) in given.sorted(by: { $0.key < $1.key }) {
            let name = path.isEmpty ? key : "\(path).\(key)"
            if let inner = understood[key] {
                complain(about: shape, inner, byName[key].map { unwrapped(Mirror(reflecting: $0)) }, name, &found)
            } else if !shape.isEmpty || byName[key] == nil {
                found.append(unknown(name, key, known: Set(understood.keys).union(byName.keys)))
            }
        }
    case (.list(let given), .list(let understood)):
        let elements = mirror.map { Array($0.children) } ?? []
        for (index, pair) in zip(given, understood).enumerated() {
            let inner = elements.count == understood.count ? Mirror(reflecting: elements[index].value) : nil
            complain(about: pair.0.shape, pair.1.shape, inner, "\(path)[\(index)]", &found)
        }
    default: return
    }
}

private func unwrapped(_ mirror: Mirror) -> Mirror {
    guard mirror.displayStyle == .optional, let inner = mirror.children.first else { return mirror }
    return Mirror(reflecting: inner.value)
}

private func unknown(_ field: String, _ key: String, known: Set<String>) -> Violation {
    let meant = nearestName(to: key, among: known).map { "did you mean \($0)? " } ?? ""
    return Violation(field, found: key, expected: "\(meant)one of \(known.sorted().joined(separator: ", "))")
}
