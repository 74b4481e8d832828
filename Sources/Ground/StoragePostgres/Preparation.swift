import CLibPQ
import Storage
import Vocabulary

extension PostgresLink {
    /// The name under which the server knows `text` with parameters of these kinds, parsed now if it was not yet.
    func prepared(_ text: String, for values: [SQLValue]) throws(PostgresFailure) -> PreparedName {
        if let known = statements.find(text, for: values) { return known }
        let kinds = statements.kinds(text, for: values)
        let prepared =
            kinds.contains(.undetermined)
            ? try prepareUndetermined(text, kinds)
            : try prepare(text, kinds)
        statements.insert(prepared, for: text)
        return prepared
    }

    private func prepare(_ text: String, _ kinds: [ParameterKind]) throws(PostgresFailure) -> PreparedName {
        let name = statements.nextName()
        let result = PQprepare(handle, name, text, Int32(kinds.count), kinds.map(\.rawValue))
        _ = try checked(PostgresResult(result), text)
        return PreparedName(name: name, kinds: kinds)
    }

    /// Leaves the types of NULLs to the server; where nothing tells it (`NULL IS NULL`), text will do.
    ///
    /// The attempt stands behind a savepoint, since a refused statement would end the transaction.
    private func prepareUndetermined(_ text: String, _ kinds: [ParameterKind]) throws(PostgresFailure) -> PreparedName {
        var kinds = kinds
        try execute("SAVEPOINT plimsoll_prepare")
        while true {
            do {
                let prepared = try prepare(text, kinds)
                try execute("RELEASE SAVEPOINT plimsoll_prepare")
                return prepared
            } catch {
                guard error.sqlState == "42P18", let position = parameterNumber(in: error.fault.message),
                    kinds.indices.contains(position - 1), kinds[position - 1] == .undetermined
                else { throw error }
                kinds[position - 1] = .text
                try execute("ROLLBACK TO SAVEPOINT plimsoll_prepare")
            }
        }
    }

    /// Lets the server forget what the cache had no room for; outside transactions only.
    func forgetDroppedStatements() throws(PostgresFailure) {
        guard !statements.dropped.isEmpty else { return }
        try execute(statements.dropped.map { "DEALLOCATE \($0)" }.joined(separator: "; "))
        statements.forgetDropped()
    }
}

/// The 2 of "could not determine data type of parameter $2", in whatever language it is said.
private func parameterNumber(in message: String) -> Int? {
    message.firstIndex(of: "$").flatMap { sign in
        Int(message[message.index(after: sign)...].prefix { $0.isASCII && $0.isNumber })
    }
}
