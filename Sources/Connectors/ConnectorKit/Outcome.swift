import Vocabulary

/// How one attempt to carry out an action ended.
public enum Outcome: Hashable, Sendable {
    /// The effect is there, as this document or record.
    case done(ExternalDocument)
    /// The effect is certainly not there; the fault's disposition says whether to try again.
    case notDone(Fault)
    /// Nobody can tell yet: timed out, cut off, failed after sending. Settled by `find`, never by sending again.
    case unknown(String)
}

/// What `find` saw.
public enum Finding: Hashable, Sendable {
    /// Exactly the asked-for effect is there under our reference.
    case found(ExternalDocument)
    /// It is certainly not there.
    case absent
    /// Something is there under our reference, but it is not what we asked for.
    case different(ExternalDocument, difference: String)
}

/// A document or record in an outside system.
public struct ExternalDocument: Codable, Hashable, Sendable {
    /// The system's own kind: `purchase.requisition`.
    public let kind: String
    /// The number that people of that system use.
    public let number: String
    /// How to read it back there.
    public let externalID: String

    public init(kind: String, number: String, externalID: String) {
        self.kind = kind
        self.number = number
        self.externalID = externalID
    }
}

extension ExternalDocument: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("externalID", externalID)
            json.add("kind", kind)
            json.add("number", number)
        }
    }
}
