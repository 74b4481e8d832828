import Foundation

/// The name of a time zone in the IANA database: `Europe/Berlin`, `UTC`.
public struct TimeZoneName: Hashable, Sendable {
    public let identifier: String
    private let zone: TimeZone

    public init(checking identifier: String, field: String) throws(Fault) {
        guard let zone = TimeZone(identifier: identifier) else {
            throw .invalid(field, found: identifier, expected: "an IANA time zone such as Europe/Berlin")
        }
        self.identifier = identifier
        self.zone = zone
    }

    public static let utc = TimeZoneName(identifier: "UTC", zone: TimeZone(secondsFromGMT: 0) ?? .gmt)

    private init(identifier: String, zone: TimeZone) {
        self.identifier = identifier
        self.zone = zone
    }

    /// The day it is here at `instant`.
    public func date(at instant: Instant) -> BusinessDate {
        let moment = Date(timeIntervalSince1970: Double(instant.microseconds) / 1_000_000)
        let local = instant.microseconds + Int64(zone.secondsFromGMT(for: moment)) * 1_000_000
        let (day, _) = local.flooredQuotientAndRemainder(dividingBy: 86_400_000_000)
        return BusinessDate(dayNumber: Int32(clamping: day))
    }

    /// The moment at which `date` begins here.
    ///
    /// On days that begin at 01:00 because the clocks went forward, that is 01:00.
    public func start(of date: BusinessDate) -> Instant {
        let utc = Int64(date.dayNumber) * 86_400
        func offset(at seconds: Int64) -> Int64 {
            Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
        }
        let guess = utc - offset(at: utc)
        let refined = utc - offset(at: guess)
        return Instant(microseconds: max(guess, refined) * 1_000_000)
    }
}

extension TimeZoneName: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let zone = TimeZone(identifier: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: container.codingPath, debugDescription: "an IANA time zone such as Europe/Berlin"))
        }
        self.init(identifier: text, zone: zone)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(identifier)
    }
}
