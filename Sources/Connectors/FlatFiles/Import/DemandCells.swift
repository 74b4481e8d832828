import CanonicalModel
import Vocabulary

/// Reads the cells of one row of demand straight from the reader's bytes.
struct DemandCells {
    private var items: NameTable<Item>
    private var locations: NameTable<Location>
    private let item: Int
    private let location: Int
    private let date: Int
    private let quantity: Int
    private let isCensored: Int?
    private let observedAt: Instant
    /// The numbers of positions in the batch by those of item and location in the tables.
    private var numbers: [UInt64: Int32] = [:]
    private var lastDate: (bytes: (UInt64, UInt16), date: BusinessDate)?

    init(_ match: HeaderMatch, names: Crosswalk, observedAt: Instant) {
        self.observedAt = observedAt
        items = NameTable { names.item($0) }
        locations = NameTable { names.location($0) }
        // In the order of the mapping's columns; the header has been checked to have the required ones.
        item = match.positions[0] ?? 0
        location = match.positions[1] ?? 0
        date = match.positions[2] ?? 0
        quantity = match.positions[3] ?? 0
        isCensored = match.positions[4]
    }

    /// - Returns: false when the row has to be looked at more closely; the rows are then as they were.
    @inline(__always)
    mutating func take(_ reader: CSVReader, into rows: inout DemandRows) -> Bool {
        guard reader.isPlain(item), reader.isPlain(location),
            let itemCell = reader.raw(item), let item = items.index(of: itemCell),
            let locationCell = reader.raw(location), let location = locations.index(of: locationCell),
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
        rows.append(
            position: number(item, location, in: &rows), date: date, quantity: Quantity(scaled: scaled), isCensored: censored,
            observedAt: observedAt)
        return true
    }

    /// To be called for each new batch, which numbers its positions anew.
    mutating func forgetNumbers() {
        numbers.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    private mutating func number(_ item: Int, _ location: Int, in rows: inout DemandRows) -> Int32 {
        let key = UInt64(truncatingIfNeeded: item) << 32 | UInt64(truncatingIfNeeded: location) & 0xffff_ffff
        if let number = numbers[key] { return number }
        let number = rows.number(of: Position(items[item], locations[location]))
        numbers[key] = number
        return number
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
