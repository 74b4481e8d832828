import Vocabulary

extension Fault.Code {
    /// The database does not answer; nothing was changed.
    package static let storageUnavailable = Self("storage.unavailable")
    /// The disk or tablespace is full; nothing was changed.
    package static let storageFull = Self("storage.full")
    /// The disk failed while it synced: what it has is not known, and the process writes no more until it is started again.
    package static let storageSyncFailed = Self("storage.syncFailed")
    /// Another row has this key already.
    package static let storageUnique = Self("storage.unique")
    /// A row breaks another rule of the schema.
    package static let storageConstraint = Self("storage.constraint")
    /// The connection broke after COMMIT was sent: done or not done, only a read tells.
    package static let storageCommitUnknown = Self("storage.commitUnknown")
    /// Another process has the database file open.
    package static let storageLocked = Self("storage.locked")
    /// The stored schema and this program do not fit each other.
    package static let storageSchema = Self("storage.schema")
    /// A statement of ours that the database refuses, or a column that does not hold what we stored.
    package static let storageDefect = Self("storage.defect")
    /// The database cannot be copied from within; its own tools do that.
    package static let storageNotCopied = Self("storage.notCopied")
}

extension Fault {
    package static func storageUnavailable(_ reason: String) -> Fault {
        Fault(.storageUnavailable, .retry(), "The database does not answer: \(reason)")
    }

    package static func storageFull(_ reason: String) -> Fault {
        Fault(.storageFull, .retry(after: .seconds(5)), "The database has no room left: \(reason)")
    }

    package static func storageSyncFailed(_ reason: String) -> Fault {
        Fault(
            .storageSyncFailed, .retry(after: .seconds(30)),
            "The disk failed while it synced (\(reason)): look at it, then start the server again. Until then nothing more is "
                + "written.")
    }

    package static func storageUnique(_ reason: String) -> Fault {
        Fault(.storageUnique, .reject, "There is a row with this key already: \(reason)")
    }

    package static func storageConstraint(_ reason: String) -> Fault {
        Fault(.storageConstraint, .reject, "A rule of the schema is broken: \(reason)")
    }

    package static func storageCommitUnknown(_ reason: String) -> Fault {
        Fault(.storageCommitUnknown, .retry(), "Whether the transaction was committed is not known: \(reason)")
    }

    package static func storageLocked(_ reason: String) -> Fault {
        Fault(.storageLocked, .review(by: "operations"), reason)
    }

    package static func storageSchema(_ reason: String) -> Fault {
        Fault(.storageSchema, .review(by: "operations"), reason)
    }

    package static func storageDefect(_ reason: String) -> Fault {
        Fault(.storageDefect, .review(by: "operations"), reason)
    }

    package static func unexpectedNull(column: Int) -> Fault {
        storageDefect("Column \(column) of the answer is NULL, which its type does not allow.")
    }

    package static func unreadableColumn(_ index: Int, _ text: String, _ expected: String) -> Fault {
        storageDefect("Column \(index) of the answer holds \"\(text)\", which is not \(expected).")
    }
}
