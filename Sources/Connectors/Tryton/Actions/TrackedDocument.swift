import ConnectorKit
import Vocabulary

/// A kind of document that bears our reference: how it is looked for, judged, created and brought on its way.
protocol TrackedDocument: Sendable {
    /// The model, such as `purchase.requisition`.
    static var model: String { get }
    /// The field that our reference is written to, and searched by.
    static var referenceField: String { get }
    static var fields: [String] { get }

    /// The values to create the document with.
    func values(reference: Reference) async throws(Fault) -> RPCValue
    /// How a document differs from what was decided; nil when it does not.
    func difference(in document: Record) throws(Fault) -> String?
}

/// Carries out and finds documents whose second step, after `create`, is the button `wait`.
///
/// Tryton has no idempotency key, so the reference is looked for before anything is created. A document that is
/// ours to the letter but still a draft lacks its second step: whoever sees it next, a repetition or a search,
/// presses the button, which Tryton does at most once. Our reference on it is the proof that it was approved,
/// since only `carryOut` writes references.
struct DocumentKeeper<Document: TrackedDocument>: Sendable {
    let document: Document
    let client: TrytonClient

    func carryOut(reference: Reference) async -> Outcome {
        do throws(Fault) {
            switch try await find(reference: reference) {
            case .found(let existing): return .done(existing)
            case .different(let existing, let difference):
                return .notDone(
                    Fault(
                        .foreignDocument, .review(by: "buyer"),
                        "Tryton already has \(existing.kind) \(existing.number) under \(reference), but \(difference)."))
            case .absent: break
            }
            let values = try await document.values(reference: reference)
            return await create(values, reference: reference)
        } catch {
            return .notDone(error)
        }
    }

    func find(reference: Reference) async throws(Fault) -> Finding {
        let found = try await search(reference)
        guard let record = found.first else { return .absent }
        if found.count > 1 {
            let numbers = found.map { external($0).number }.joined(separator: ", ")
            return .different(external(record), difference: "there are \(found.count) of them: \(numbers)")
        }
        if let difference = try document.difference(in: record) { return .different(external(record), difference: difference) }
        switch record["state"].string {
        case "draft", "request": return try await finish(record)
        case "cancelled", "rejected":
            return .different(external(record), difference: "it was \(record["state"].string ?? "") in Tryton")
        default: return .found(external(record))
        }
    }

    private func create(_ values: RPCValue, reference: Reference) async -> Outcome {
        let id: Int64
        do throws(CallFailure) {
            let created = try await client.call("model.\(Document.model).create", [[values]])
            guard let first = created.elements?.first?.integer else {
                return .unknown("Tryton created a \(Document.model) and did not tell which.")
            }
            id = first
        } catch {
            return error.outcome
        }
        // From here on the document exists: whatever goes wrong is not certain, and is settled by `find`.
        do throws(Fault) {
            switch try await find(reference: reference) {
            case .found(let document): return .done(document)
            case .different(_, let difference):
                return .unknown("\(Document.model) \(id) was created under \(reference), but \(difference).")
            case .absent: return .unknown("\(Document.model) \(id) was created under \(reference) and is not found yet.")
            }
        } catch {
            return .unknown("\(Document.model) \(id) was created under \(reference); its next step failed: \(error.message)")
        }
    }

    /// Presses `wait` on a draft that is ours, and looks what came of it.
    private func finish(_ draft: Record) async throws(Fault) -> Finding {
        let id = try draft.id
        var complaint = "Tryton did not say why"
        do throws(CallFailure) {
            _ = try await client.call("model.\(Document.model).wait", [.ids([id])])
        } catch {
            switch error {
            // Another press may have come first; the state tells.
            case .nothingHappened(let fault) where fault.disposition == .reject || fault.code == .askedToConfirm:
                complaint = fault.message
            case .nothingHappened(let fault): throw fault
            case .unclear: throw error.fault
            }
        }
        guard let record = try await client.search(Document.model, [["id", "=", .id(id)]], Document.fields).first else {
            return .absent
        }
        let state = record["state"].string ?? ""
        if state == "draft" || state == "request" {
            return .different(external(record), difference: "it is still a draft: \(complaint)")
        }
        return .found(external(record))
    }

    private func search(_ reference: Reference) async throws(Fault) -> [Record] {
        try await client.search(
            Document.model, [[.text(Document.referenceField), "=", .text(reference.rawValue)]], Document.fields, limit: 5)
    }

    private func external(_ record: Record) -> ExternalDocument {
        let id = record["id"].integer.map(String.init) ?? ""
        return ExternalDocument(kind: Document.model, number: record.optionalText("number") ?? "(\(id))", externalID: id)
    }
}
