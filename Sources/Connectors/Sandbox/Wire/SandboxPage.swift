import Vocabulary

/// One page of a feed, read row by row: a row that makes no sense does not take its neighbours along.
struct SandboxPage<Record: Decodable>: Decodable {
    let records: [SandboxRow<Record>]
    let more: Bool
}

struct SandboxRow<Record: Decodable>: Decodable {
    let id: String
    let changedAt: Instant
    let record: Result<Record, Fault>

    private enum CodingKeys: String, CodingKey { case id, changedAt }

    /// - Throws: only when the row has no name or no place in the feed, without which nobody could go on.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        changedAt = try container.decode(Instant.self, forKey: .changedAt)
        let depth = decoder.codingPath.count
        do {
            record = .success(try Record(from: decoder))
        } catch let error as DecodingError {
            record = .failure(.invalid([Violation(error.within(row: depth))]))
        }
    }
}

extension DecodingError {
    /// The same with the field's path counted from the row, whose name is told beside it.
    fileprivate func within(row depth: Int) -> DecodingError {
        func shortened(_ context: Context) -> Context {
            Context(
                codingPath: Array(context.codingPath.dropFirst(depth)), debugDescription: context.debugDescription,
                underlyingError: context.underlyingError)
        }
        return switch self {
        case .keyNotFound(let key, let context): .keyNotFound(key, shortened(context))
        case .valueNotFound(let type, let context): .valueNotFound(type, shortened(context))
        case .typeMismatch(let type, let context): .typeMismatch(type, shortened(context))
        case .dataCorrupted(let context): .dataCorrupted(shortened(context))
        @unknown default: self
        }
    }
}
