// How each type of the vocabulary writes itself as JSON.

extension String: JSONWritable {
    public func write(to json: inout JSONWriter) { json.write(self) }
}

extension Bool: JSONWritable {
    public func write(to json: inout JSONWriter) { json.write(self) }
}

extension Int: JSONWritable {
    public func write(to json: inout JSONWriter) { json.write(Int64(self)) }
}

extension Int64: JSONWritable {
    public func write(to json: inout JSONWriter) { json.write(self) }
}

extension Double: JSONWritable {
    public func write(to json: inout JSONWriter) { json.write(self) }
}

extension Array: JSONWritable where Element: JSONWritable {
    public func write(to json: inout JSONWriter) { json.array(self) }
}

extension Dictionary: JSONWritable where Key == String, Value: JSONWritable {
    public func write(to json: inout JSONWriter) { json.dictionary(self) }
}

/// A text with a meaning is written as the text.
extension JSONWritable where Self: RawRepresentable, RawValue == String {
    public func write(to json: inout JSONWriter) { json.write(rawValue) }
}

extension ID: JSONWritable {}
extension Digest: JSONWritable {}
extension UnitCode: JSONWritable {}
extension CurrencyCode: JSONWritable {}
extension Weekday: JSONWritable {}

extension Decimal6 {
    public func write(to json: inout JSONWriter) { json.quoted(append) }
}

extension Quantity: JSONWritable {}
extension Money: JSONWritable {}

extension Instant: JSONWritable {
    public func write(to json: inout JSONWriter) { json.quoted(append) }
}

extension BusinessDate: JSONWritable {
    public func write(to json: inout JSONWriter) { json.quoted(append) }
}

extension Ratio: JSONWritable {
    public func write(to json: inout JSONWriter) { json.write(description) }
}

extension TimeZoneName: JSONWritable {
    public func write(to json: inout JSONWriter) { json.write(identifier) }
}

extension WorkingCalendar: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            if !closedOn.isEmpty { json.add("closedOn", closedOn.sorted()) }
            if !openOn.isEmpty { json.add("openOn", openOn.sorted()) }
            json.add("workdays", Weekday.allCases.filter(workdays.contains))
        }
    }
}
