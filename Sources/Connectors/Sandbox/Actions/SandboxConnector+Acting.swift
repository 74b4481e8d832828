import CanonicalModel
import ConnectorKit
import Governance
import Vocabulary

extension SandboxConnector {
    public func carryOut(_ action: Approved<Action>, reference: Reference, names: Crosswalk) async -> Outcome {
        let order = SandboxOrder(action.action, reference: reference, names: names)
        let body: [UInt8]
        do throws(Fault) {
            body = try order.body()
        } catch {
            return .notDone(error)
        }
        let key = deduplicate ? [(name: "Idempotency-Key", value: reference.rawValue)] : []
        let request = client.request(order.method, order.path, body: body, headers: key)
        return await .sending(request, over: client.http, clock: client.clock, complaint: complaint) {
            response throws(Fault) in
            let document = try JSON.decode(SandboxDocument.self, from: response.body)
            if let difference = order.difference(from: document) {
                throw .protocolBroken("Document \(document.number) is not what was asked for: \(difference).")
            }
            return document.external
        }
    }

    public func find(_ action: Action, reference: Reference, names: Crosswalk) async throws(Fault) -> Finding {
        let order = SandboxOrder(action, reference: reference, names: names)
        let query = [(name: "reference", value: reference.rawValue)]
        let answer: SandboxDocuments = try await client.get("/documents", query: query)
        guard let first = answer.documents.first else { return .absent }
        // Setting the same policy again under one reference is no second document; two documents are two effects.
        guard answer.documents.count == 1 else {
            let numbers = answer.documents.map(\.number).joined(separator: ", ")
            return .different(first.external, difference: "\(numbers) all carry the reference \(reference)")
        }
        if let difference = order.difference(from: first) ?? first.fate {
            return .different(first.external, difference: difference)
        }
        return .found(first.external)
    }

    /// The ERP's own words for why it turned something down.
    private func complaint(_ response: WireResponse) -> String? {
        struct Refusal: Decodable { let message: String }
        return (try? JSON.decode(Refusal.self, from: response.body))?.message
    }
}

extension SandboxDocument {
    /// What people have made of it that nobody asked for; nil when it is still what it was.
    fileprivate var fate: String? {
        if let line = lines.first(where: { $0.status == .cancelled }) { return "\(line.id) was cancelled" }
        guard let line = lines.first(where: { $0.received > $0.ordered }) else { return nil }
        return "of \(line.id) \(line.received) were received, and \(line.ordered) were ordered"
    }

    var external: ExternalDocument { ExternalDocument(kind: kind, number: number, externalID: number) }
}
