import CLibPQ
import Storage

/// One statement sent many times without waiting for each answer.
///
/// The answers of at most `width` elements are outstanding, which bounds the memory on both sides. While it
/// sends, it reads as well: two sides that both only write would wait for each other for ever.
struct Pipeline<Output> {
    private static var width: Int { 1_000 }
    private static var bytes: Int { 1 << 20 }

    private let text: String
    private let link: PostgresLink
    private var isOpen = false
    private var sent = 0
    private var sentBytes = 0
    private var outputs: [Output] = []

    init(_ text: String, over link: PostgresLink) {
        self.text = text
        self.link = link
    }

    mutating func send(_ values: [SQLValue], _ take: (PostgresResult) throws -> Output) throws {
        if sent >= Self.width || sentBytes >= Self.bytes { try collect(take) }
        var known = link.statements.find(text, for: values)
        if known == nil {
            try close(take)
            known = try link.prepared(text, for: values)
        }
        guard let known else { return }
        try open()
        let parameters = ParameterList(values)
        let isSent = parameters.withPointers { count, values, lengths, formats in
            PQsendQueryPrepared(link.handle, known.name, count, values, lengths, formats, 0)
        }
        guard isSent == 1 else { throw PostgresFailure(lost: link.connectionMessage) }
        sent += 1
        sentBytes += parameters.byteCount
    }

    /// Waits for what is outstanding.
    ///
    /// - Returns: what every element gave, in order.
    mutating func finish(_ take: (PostgresResult) throws -> Output) throws -> [Output] {
        try close(take)
        return outputs
    }

    /// Reads away what is outstanding after a fault, so that the connection can be used again.
    mutating func breakOff() {
        guard isOpen, !link.isLost else { return }
        try? close { _ in throw CancellationError() }  // Nobody wants these answers any more.
    }

    private mutating func open() throws(PostgresFailure) {
        guard !isOpen else { return }
        guard PQsetnonblocking(link.handle, 1) == 0, PQenterPipelineMode(link.handle) == 1 else {
            throw PostgresFailure(lost: link.connectionMessage)
        }
        isOpen = true
    }

    private mutating func close(_ take: (PostgresResult) throws -> Output) throws {
        guard isOpen else { return }
        defer {
            isOpen = false
            PQexitPipelineMode(link.handle)
            PQsetnonblocking(link.handle, 0)
        }
        try collect(take)
    }

    /// Ends the present stretch and reads the answer of each of its elements.
    private mutating func collect(_ take: (PostgresResult) throws -> Output) throws {
        guard sent > 0 else { return }
        let first = outputs.count
        let count = sent
        sent = 0
        sentBytes = 0
        guard PQpipelineSync(link.handle) == 1 else { throw PostgresFailure(lost: link.connectionMessage) }
        try flush()
        var trouble: (any Error)?
        for offset in 0..<count {
            guard let result = try nextResult() else { throw PostgresFailure(lost: "an answer is missing.") }
            if trouble == nil {
                do {
                    outputs.append(try accept(result, element: first + offset + 1, take))
                } catch {
                    trouble = error
                }
            }
            while try nextResult() != nil {}
        }
        guard let end = try nextResult(), end.status == PGRES_PIPELINE_SYNC else {
            throw PostgresFailure(lost: "a batch did not end where it should.")
        }
        if let trouble { throw trouble }
    }

    private func accept(_ result: PostgresResult, element: Int, _ take: (PostgresResult) throws -> Output) throws -> Output {
        guard result.isSuccess else {
            throw PostgresFailure(result, statement: text, place: "element \(element) of the batch", isLost: link.isLost)
        }
        return try take(result)
    }

    private func flush() throws(PostgresFailure) {
        while true {
            switch PQflush(link.handle) {
            case 0: return
            case 1:
                if link.wait(orWritten: true), PQconsumeInput(link.handle) == 0 {
                    throw PostgresFailure(lost: link.connectionMessage)
                }
            default: throw PostgresFailure(lost: link.connectionMessage)
            }
        }
    }

    /// The next answer; nil is libpq's mark between two statements.
    private func nextResult() throws(PostgresFailure) -> PostgresResult? {
        while PQisBusy(link.handle) == 1 {
            _ = link.wait()
            if PQconsumeInput(link.handle) == 0 { throw PostgresFailure(lost: link.connectionMessage) }
        }
        if link.isLost { throw PostgresFailure(lost: link.connectionMessage) }
        return PQgetResult(link.handle).map(PostgresResult.init)
    }
}
