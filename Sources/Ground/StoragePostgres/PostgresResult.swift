import CLibPQ
import Storage
import Vocabulary

/// An answer of the server's, freed when nobody reads it any more.
final class PostgresResult {
    private let handle: OpaquePointer?

    init(_ handle: OpaquePointer?) {
        self.handle = handle
    }

    deinit { PQclear(handle) }

    var status: ExecStatusType { PQresultStatus(handle) }
    var message: String { String(cString: PQresultErrorMessage(handle)) }
    var rowCount: Int { Int(PQntuples(handle)) }
    /// What the server did, such as `INSERT 0 5`.
    var tag: String { String(cString: PQcmdStatus(handle)) }

    var isSuccess: Bool {
        status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
    }

    /// How many rows were inserted, updated or deleted.
    var changes: Int {
        tag.hasPrefix("SELECT") ? 0 : Int(String(cString: PQcmdTuples(handle))) ?? 0
    }

    /// The parts of an error report that we read (libpq documentation, PQresultErrorField).
    enum ErrorField: Unicode.Scalar {
        case sqlState = "C"
        case message = "M"
        case context = "W"
        case schema = "s"
        case sourceFunction = "R"
    }

    func field(_ field: ErrorField) -> String? {
        PQresultErrorField(handle, Int32(field.rawValue.value)).map { String(cString: $0) }
    }

    func rows<Value>(_ decode: (Row) throws -> Value) throws -> [Value] {
        let reader = ColumnReader(result: self)
        let row = Row(reader)
        var values: [Value] = []
        values.reserveCapacity(rowCount)
        for index in 0..<Int32(rowCount) {
            reader.row = index
            values.append(try decode(row))
        }
        return values
    }

    fileprivate func isNull(_ row: Int32, _ column: Int) -> Bool {
        PQgetisnull(handle, row, Int32(column)) == 1
    }

    fileprivate func bytes(_ row: Int32, _ column: Int) -> UnsafeBufferPointer<UInt8> {
        let length = Int(PQgetlength(handle, row, Int32(column)))
        guard let start = PQgetvalue(handle, row, Int32(column)) else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(start: start, count: length).bindMemory(to: UInt8.self)
    }
}

/// The columns of one row of an answer, which the server sends as text.
private final class ColumnReader: RowReader {
    private let result: PostgresResult
    var row: Int32 = 0

    init(result: PostgresResult) {
        self.result = result
    }

    func isNull(at index: Int) -> Bool {
        result.isNull(row, index)
    }

    func integer(at index: Int) throws -> Int64 {
        let bytes = result.bytes(row, index)
        guard let value = wholeNumber(bytes) else {
            throw Fault.unreadableColumn(index, String(decoding: bytes, as: UTF8.self), "an integer")
        }
        return value
    }

    func real(at index: Int) throws -> Double {
        let text = text(at: index)
        guard let value = Double(text) else { throw Fault.unreadableColumn(index, text, "a number") }
        return value
    }

    func text(at index: Int) -> String {
        String(decoding: result.bytes(row, index), as: UTF8.self)
    }
}

/// Reads `-12`, the `12.00` of a NUMERIC, and the `t` or `f` of a comparison, which SQLite answers as 1 or 0.
private func wholeNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
    if bytes.count == 1, bytes[0] == UInt8(ascii: "t") { return 1 }
    if bytes.count == 1, bytes[0] == UInt8(ascii: "f") { return 0 }
    let isNegative = bytes.first == UInt8(ascii: "-")
    var index = isNegative ? 1 : 0
    var value: Int64 = 0
    let start = index
    while index < bytes.count, bytes[index] != UInt8(ascii: ".") {
        let digit = bytes[index] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        let (tens, overflowed) = value.multipliedReportingOverflow(by: 10)
        // Counted downwards: the lowest number has no positive twin.
        let (next, underflowed) = tens.subtractingReportingOverflow(Int64(digit))
        if overflowed || underflowed { return nil }
        value = next
        index += 1
    }
    guard index > start, bytes[index...].dropFirst().allSatisfy({ $0 == UInt8(ascii: "0") }) else { return nil }
    if isNegative { return value }
    return value == .min ? nil : -value
}
