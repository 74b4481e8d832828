import CanonicalModel
import Vocabulary

extension FileImport {
    /// Reads demand history, which comes in millions of rows, without a dictionary or a string a row.
    ///
    /// Rows that are plainly right go the short way; every other row goes through `RowMapping.demand`, which
    /// judges it and finds the words, so that both ways refuse and take the same rows.
    ///
    /// - Parameter observedAt: the instant that the file speaks of.
    package func runDemand(
        observedAt: Instant, from progress: ImportProgress? = nil, take: (DemandBatch) async throws(Fault) -> Void
    ) async throws(Fault) -> ImportReport {
        guard options.format(of: path) == .csv else { return try await runDemandLines(observedAt, from: progress, take: take) }
        let mapping = RowMapping<Demand>.demand
        let file = try FileBytes(path)
        let (start, isContinuation) = try beginning(of: file, progress)
        var state = ImportState(progress: start, refusals: try RefusalLog(options, from: start))
        let source = try CSVRows(file, columns: mapping.columns, options: options, at: start.place)
        var quick = DemandCells(source.match, names: options.names, observedAt: observedAt)
        var rows = DemandRows(capacity: options.batchSize)
        reading: while true {
            switch try source.nextRecord() {
            case .end, .needsInput: break reading
            case .refused(let expected): try state.refusals.add(source.refusal(expected), of: source)
            case .record:
                if !quick.take(source.reader, into: &rows) {
                    var values = source.values()
                    if let demand = mapping.read(&values), values.violations.isEmpty {
                        rows.append(demand, observedAt: observedAt)
                    } else {
                        let row = RefusedRow(row: values.row, line: source.reader.line, violations: values.violations)
                        try state.refusals.add(row, of: source)
                    }
                }
                guard rows.count == options.batchSize else { continue }
                try await take(DemandBatch(demand: rows, progress: state.advance(by: rows.count, to: source.place)))
                rows = DemandRows(capacity: options.batchSize)
                quick.forgetNumbers()
            }
        }
        try await take(DemandBatch(demand: rows, progress: state.advance(by: rows.count, to: source.place)))
        return state.report(isContinuation)
    }

    private func runDemandLines(
        _ observedAt: Instant, from progress: ImportProgress?, take: (DemandBatch) async throws(Fault) -> Void
    ) async throws(Fault) -> ImportReport {
        try await run(.demand, from: progress) { lines throws(Fault) in
            var rows = DemandRows(capacity: lines.rows.count)
            for (_, demand) in lines.rows { rows.append(demand, observedAt: observedAt) }
            try await take(DemandBatch(demand: rows, progress: lines.progress))
        }
    }
}
