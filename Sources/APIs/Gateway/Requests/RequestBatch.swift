import Hummingbird
import Vocabulary

/// What a caller sent as one JSON value, a list of them, or one a line (NDJSON): each read by itself.
package struct RequestBatch<Value: Codable & Sendable>: Sendable {
    package enum Row: Sendable {
        case read(Value)
        case refused([Violation])
    }

    /// In the order of the body; the n-th is row n + 1.
    package let rows: [Row]
    /// The body was one value and no list of one: its refusal is the whole answer.
    package let isSingle: Bool

    /// - Throws: `gateway.malformedBody` when the body as a whole cannot be taken apart; `input.invalid` when it is
    ///   empty, or longer than a batch may be; `gateway.unsupportedMediaType`, `gateway.bodyTooLarge`.
    package init(_ request: Request, _ context: GatewayContext, most: Int) async throws {
        let bytes = try await request.bytes(context)
        switch request.mediaType {
        case "application/x-ndjson", "application/ndjson", "application/jsonl":
            isSingle = false
            rows = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated().compactMap {
                index, line in
                line.allSatisfy { $0 <= 0x20 } ? nil : Self.row(Array(line), index + 1, nesting: context.nesting)
            }
        case nil, "application/json":
            switch try JSONShape(reading: bytes, nesting: context.nesting) {
            case .list(let elements):
                isSingle = false
                rows = elements.enumerated().map { index, element in
                    Self.row(Array(bytes[element.bytes]), element.shape, index + 1)
                }
            case let shape:
                isSingle = true
                rows = [.read(try decodeStrictly(from: bytes, shape: shape))]
            }
        case let other?:
            throw Fault.unsupportedMediaType(other, expected: "application/json or application/x-ndjson")
        }
        guard (1...most).contains(rows.count) else {
            throw Fault.invalid("body", found: "\(rows.count) rows", expected: "1 to \(most) rows")
        }
    }

    private static func row(_ bytes: [UInt8], _ number: Int, nesting: Int) -> Row {
        do throws(Fault) {
            return row(bytes, try JSONShape(reading: bytes, nesting: nesting), number)
        } catch {
            return .refused(error.violations.map { Violation($0.field, found: $0.found, expected: $0.expected, row: number) })
        }
    }

    private static func row(_ bytes: [UInt8], _ shape: JSONShape, _ number: Int) -> Row {
        do throws(Fault) {
            return .read(try decodeStrictly(from: bytes, shape: shape, row: number))
        } catch {
            return .refused(error.violations)
        }
    }
}
