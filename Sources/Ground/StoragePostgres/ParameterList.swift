import CLibPQ
import Storage

/// The values of one execution in libpq's form: binary, so that no number is written out and read again.
struct ParameterList {
    private var bytes: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private let formats: [Int32]

    init(_ values: [SQLValue]) {
        formats = [Int32](repeating: 1, count: values.count)
        offsets.reserveCapacity(values.count)
        lengths.reserveCapacity(values.count)
        for value in values { append(value) }
        bytes.append(0)  // The address of an empty text must not be nil, which would be NULL.
    }

    var byteCount: Int { bytes.count }

    private mutating func append(_ value: SQLValue) {
        let start = bytes.count
        switch value {
        case .null: break
        case .integer(let integer): append(integer.bigEndian)
        case .real(let real): append(real.bitPattern.bigEndian)
        case .text(let text): bytes.append(contentsOf: text.utf8)
        }
        offsets.append(value == .null ? nil : start)
        lengths.append(Int32(clamping: bytes.count - start))
    }

    private mutating func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
    }

    func withPointers<Output>(
        _ body: (_ count: Int32, _ values: [UnsafePointer<CChar>?], _ lengths: [Int32], _ formats: [Int32]) -> Output
    ) -> Output {
        bytes.withUnsafeBytes { buffer in
            let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = offsets.map { offset in offset.flatMap { start?.advanced(by: $0) } }
            return body(Int32(values.count), values, lengths, formats)
        }
    }
}
