extension CSVReader {
    package var fieldCount: Int { fields.count }

    /// The bytes of a field between its quotes, as they stand in the file: doubled quotes are still doubled.
    ///
    /// - Returns: a view that is valid until the next call of the reader; nil for a column that the record lacks.
    @inline(__always)
    package func raw(_ index: Int) -> UnsafeBufferPointer<UInt8>? {
        guard index < fields.count else { return nil }
        let field = fields[index]
        return UnsafeBufferPointer(start: window.base + field.start, count: field.end - field.start)
    }

    /// Whether `raw` is the field's value as it is: nothing doubled and no guard before it.
    @inline(__always)
    func isPlain(_ index: Int) -> Bool {
        let field = fields[index]
        guard !field.isEscaped else { return false }
        return !stripsFormulaGuard || field.start == field.end || window.base[field.start] != UInt8(ascii: "'")
    }

    /// The value of a field.
    ///
    /// - Returns: nil when it is not UTF-8.
    package func text(_ index: Int) -> String? {
        guard let raw = raw(index) else { return "" }
        if isPlain(index) { return String(validating: raw, as: UTF8.self) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var position = 0
        while position < raw.count {
            bytes.append(raw[position])
            let isDoubled = fields[index].isEscaped && raw[position] == UInt8(ascii: "\"")
            position += isDoubled ? 2 : 1
        }
        if stripsFormulaGuard, bytes.first == UInt8(ascii: "'"), FormulaGuard.isNeeded(bytes.dropFirst()) { bytes.removeFirst() }
        return String(validating: bytes, as: UTF8.self)
    }

    /// All fields as text, with what is not UTF-8 repaired: for reports.
    package var repairedTexts: [String] {
        fields.indices.map { index in
            text(index) ?? raw(index).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }
}
