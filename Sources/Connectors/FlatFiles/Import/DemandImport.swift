import CanonicalModel
import Vocabulary

extension FileImport {
    /// Reads demand history, which comes in millions of rows, without a dictionary or a string a row.
    ///
    /// Rows that are plainly right go the short way; every other row goes through `RowMapping.demand`, which
    /// judges it and finds the words, so that both ways refuse and take the same rows.
    package func runDemand(
        from progress: ImportProgress? = nil, take: (DemandBatch) async throws(Fault) -> Void
    ) async throws(Fault) -> ImportReport {
        guard options.format(of: path) == .csv else { return try await runDemandLines(from: progress, take: take) }
        let mapping = RowMapping<Demand>.demand
        let file = try FileBytes(path)
        let (start, isContinuation) = try beginning(of: file, progress)
        var state = ImportState(progress: start, refusals: try RefusalLog(options, from: start))
        let source = try CSVRows(file, columns: mapping.columns, options: options, at: start.place)
        var quick = DemandCells(source.match, names: options.names)
        var batch = DemandBatch(progress: start, capacity: options.batchSize)
        reading: while true {
            switch try source.nextRecord() {
            case .end, .needsInput: break reading
            case .refused(let expected): try state.refusals.add(source.refusal(expected), of: source)
            case .record:
                if !quick.take(source.reader, into: &batch) {
                    var values = source.values()
                    if let demand = mapping.read(&values), values.violations.isEmpty {
                        batch.append(demand)
                    } else {
                        let row = RefusedRow(row: values.row, line: source.reader.line, violations: values.violations)
                        try state.refusals.add(row, of: source)
                    }
                }
                guard batch.count == options.batchSize else { continue }
                batch.progress = state.advance(by: batch.count, to: source.place)
                try await take(batch)
                batch.removeAll()
            }
        }
        batch.progress = state.advance(by: batch.count, to: source.place)
        try await take(batch)
        return state.report(isContinuation)
    }

    private func runDemandLines(
        from progress: ImportProgress?, take: (DemandBatch) async throws(Fault) -> Void
    ) async throws(Fault) -> ImportReport {
        try await run(.demand, from: progress) { lines throws(Fault) in
            var batch = DemandBatch(progress: lines.progress, capacity: lines.rows.count)
            for (_, demand) in lines.rows { batch.append(demand) }
            try await take(batch)
        }
    }
}

extension DemandBatch {
    mutating func append(_ demand: Demand) {
        append(
            item: demand.item, location: demand.location, date: demand.date, quantity: demand.quantity,
            isCensored: demand.isCensored)
    }
}

/// Reads the cells of one row of demand straight from the reader's bytes.
struct DemandCells {
    private var items: NameTable<Item>
    private var locations: NameTable<Location>
    private let item: Int
    private let location: Int
    private let date: Int
    private let quantity: Int
    private let isCensored: Int?
    private var lastDate: (bytes: (UInt64, UInt16), date: BusinessDate)?

    init(_ match: HeaderMatch, names: Crosswalk) {
        items = NameTable { names.item($0) }
        locations = NameTable { names.location($0) }
        // In the order of the mapping's columns; the header has been checked to have the required ones.
        item = match.positions[0] ?? 0
        location = match.positions[1] ?? 0
        date = match.positions[2] ?? 0
        quantity = match.positions[3] ?? 0
        isCensored = match.positions[4]
    }

    /// - Returns: false when the row has to be looked at more closely; the batch is then as it was.
    @inline(__always)
    mutating func take(_ reader: CSVReader, into batch: inout DemandBatch) -> Bool {
        guard reader.isPlain(item), reader.isPlain(location),
            let itemCell = reader.raw(item), let item = items.id(itemCell),
            let locationCell = reader.raw(location), let location = locations.id(locationCell),
            let dateCell = reader.raw(date), let date = day(dateCell),
            let quantityCell = reader.raw(quantity), case .number(let scaled) = parseDecimal6(quantityCell), scaled >= 0
        else { return false }
        var censored = false
        if let isCensored, let cell = reader.raw(isCensored), !cell.isEmpty {
            if cell.elementsEqual("true".utf8) || cell.elementsEqual("1".utf8) {
                censored = true
            } else if !cell.elementsEqual("false".utf8), !cell.elementsEqual("0".utf8) {
                return false
            }
        }
        batch.append(item: item, location: location, date: date, quantity: Quantity(scaled: scaled), isCensored: censored)
        return true
    }

    /// `YYYY-MM-DD`, remembering the last one: files are mostly sorted by it one way or the other.
    @inline(__always)
    private mutating func day(_ cell: UnsafeBufferPointer<UInt8>) -> BusinessDate? {
        guard cell.count == 10, let base = cell.baseAddress else { return nil }
        let raw = UnsafeRawPointer(base)
        let bytes = (raw.loadUnaligned(as: UInt64.self), raw.loadUnaligned(fromByteOffset: 8, as: UInt16.self))
        if let lastDate, lastDate.bytes == bytes { return lastDate.date }
        guard cell[4] == UInt8(ascii: "-"), cell[7] == UInt8(ascii: "-"),
            let year = DemandCells.digits(cell, 0..<4), let month = DemandCells.digits(cell, 5..<7),
            let day = DemandCells.digits(cell, 8..<10), let date = BusinessDate(year: year, month: month, day: day)
        else { return nil }
        lastDate = (bytes, date)
        return date
    }

    @inline(__always)
    private static func digits(_ cell: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
        var value = 0
        for index in range {
            let digit = Int(cell[index]) - 0x30
            guard digit >= 0, digit <= 9 else { return nil }
            value = value * 10 + digit
        }
        return value
    }
}
