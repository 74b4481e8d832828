import CanonicalModel
import Gateway
import Governance
import HTTPTypes
import Hummingbird
import Replenishment
import Storage
import Vocabulary

/// What a sender is told about each row of a batch.
struct BatchReceipt: Encodable, Sendable {
    /// Counted from 1.
    let row: Int
    let id: String?
    let status: Status
    let acceptedAt: Instant?
    let digest: Digest?
    /// Why it was refused, as a fault's code.
    let code: String?
    let violations: [Violation]

    enum Status: String, Encodable, Sendable { case accepted, duplicate, refused }
}

struct BatchAnswer: Encodable, Sendable {
    let accepted: Int
    let duplicate: Int
    let refused: Int
    let receipts: [BatchReceipt]
}

/// Takes recommendations in, one by one or in batches; what is receipted is durable.
struct RecommendationIntake: Sendable {
    let gateway: GatewayServices
    let flow: FlowServices

    /// 202 when all are taken; 207 when some are refused: look at the receipts.
    func take(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let principal = try context.principal
        let batch = try await RequestBatch<Recommendation>(request, context, most: gateway.limits.batch)
        let receipts = try await accept(try await screened(batch.rows, principal), by: principal)
        if batch.isSingle, let receipt = receipts.first, receipt.status == .refused {
            // Also for an id that stands for another content: 422 says that sending it again as it is will not help.
            throw Fault.invalid(receipt.violations)
        }
        let refused = receipts.count { $0.status == .refused }
        let answer = BatchAnswer(
            accepted: receipts.count { $0.status == .accepted }, duplicate: receipts.count { $0.status == .duplicate },
            refused: refused, receipts: receipts)
        let status: HTTPResponse.Status = refused == 0 ? .accepted : .multiStatus
        return try .json(answer, status: status)
    }

    /// The rows with who proposes them, without those that are none of the caller's business.
    private func screened(
        _ rows: [RequestBatch<Recommendation>.Row], _ principal: Principal
    ) async throws -> [RequestBatch<Recommendation>.Row] {
        let scope = principal.scope
        let places = Set(rows.compactMap { row in if case .read(let value) = row { value.location } else { nil } })
        let within = try await flow.database.read { connection in
            try places.filter { try scope.contains($0, on: connection) }
        }
        return rows.enumerated().map { index, row in
            guard case .read(let recommendation) = row else { return row }
            guard within.contains(recommendation.location) else {
                return .refused([
                    Violation(
                        "location", found: recommendation.location.rawValue, expected: "a location that the key is for",
                        row: index + 1)
                ])
            }
            do throws(Fault) {
                return .read(try recommendation.proposed(by: principal))
            } catch {
                return .refused(
                    error.violations.map { Violation($0.field, found: $0.found, expected: $0.expected, row: index + 1) })
            }
        }
    }

    private func accept(_ rows: [RequestBatch<Recommendation>.Row], by principal: Principal) async throws -> [BatchReceipt] {
        var receipts: [BatchReceipt] = []
        let numbered = Array(rows.enumerated())
        // Short transactions; what an earlier one took is recognised when the sender repeats the whole batch.
        for start in stride(from: 0, to: numbered.count, by: 500) {
            let chunk = numbered[start..<min(start + 500, numbered.count)]
            let read = chunk.compactMap { index, row in if case .read(let value) = row { (index, value) } else { nil } }
            let answers = read.isEmpty ? [] : try await Intake(flow).accept(read.map(\.1), by: principal.person.rawValue)
            let byIndex = Dictionary(zip(read.map(\.0), answers)) { first, _ in first }
            for (index, row) in chunk {
                if case .refused(let violations) = row {
                    receipts.append(
                        BatchReceipt(
                            row: index + 1, id: nil, status: .refused, acceptedAt: nil, digest: nil,
                            code: Fault.Code.invalidInput.name, violations: violations))
                } else if let receipt = byIndex[index] {
                    receipts.append(BatchReceipt(receipt, row: index + 1))
                }
            }
        }
        return receipts
    }
}

extension BatchReceipt {
    init(_ receipt: Receipt, row: Int) {
        self.row = row
        id = receipt.id
        status =
            switch receipt.kind {
            case .accepted: .accepted
            case .duplicate: .duplicate
            case .refused: .refused
            }
        acceptedAt = receipt.acceptedAt
        digest = receipt.digest
        code = receipt.fault
        violations = receipt.violations.map { Violation($0.field, found: $0.found, expected: $0.expected, row: row) }
    }
}
