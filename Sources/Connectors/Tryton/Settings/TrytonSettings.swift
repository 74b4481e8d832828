import ConnectorKit
import Vocabulary

/// How one Tryton database is reached, and what we must know that it does not.
struct TrytonSettings: Sendable {
    let url: String
    let database: String
    let user: String
    let password: String
    /// The company's id; nil for the one in the user's preferences.
    let company: Int64?
    let language: String
    /// The name that Plimsoll gives this system.
    let system: String
    let timeout: Duration
    let pageSize: Int
    let overlap: Duration
    let units: UnitTable
    let places: WarehousePlaces
    let lanes: LaneCosts
    let leadTimes: LeadTimeRules
    /// Beginnings of the names of warnings that may be answered with yes.
    let harmlessWarnings: [String]

    init(_ values: SettingValues) throws(Fault) {
        let reader = SettingReader(values)
        var address = try reader.text("url")
        while address.hasSuffix("/") { address.removeLast() }
        guard address.hasPrefix("http://") || address.hasPrefix("https://") else {
            throw .invalid("url", found: address, expected: "an address that begins with http:// or https://")
        }
        url = address
        database = try reader.text("database")
        guard database.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }) else {
            throw .invalid("database", found: database, expected: "letters, digits, _, - and .")
        }
        user = try reader.text("user")
        password = try reader.text("password")
        let company = reader.optionalText("company")
        self.company = try company.map { text throws(Fault) in try reader.whole("company", text, in: 1...Int.max) }.map(
            Int64.init)
        language = reader.optionalText("language") ?? "en"
        system = reader.optionalText("system") ?? "tryton"
        timeout = .seconds(try reader.whole("timeoutSeconds", in: 1...600))
        pageSize = try reader.whole("pageSize", in: 1...1000)
        overlap = .seconds(try reader.whole("overlapSeconds", in: 0...86_400))
        var own: [String: UnitCode] = [:]
        for (symbol, code) in try reader.pairs("units") { own[symbol] = try UnitCode(checking: code, field: "units.\(symbol)") }
        units = UnitTable(own: own)
        places = try WarehousePlaces(reader)
        lanes = try LaneCosts(reader)
        leadTimes = try LeadTimeRules(reader)
        harmlessWarnings = reader.list("harmlessWarnings")
    }

    static let documented: [Setting] = [
        Setting("url", "Address of the Tryton server, without the database: https://erp.example.com."),
        Setting("database", "Name of the database."),
        Setting("user", "Login of the user that Plimsoll works as."),
        Setting("password", "That user's password.", isSecret: true),
        Setting("company", "Id of the company to work in; empty for the one in the user's preferences.", standard: ""),
        Setting("language", "Language of the ERP's messages.", standard: "en"),
        Setting("system", "The name of this system in Plimsoll; actions for its warehouses are sent to it.", standard: "tryton"),
        Setting("timeoutSeconds", "Patience for one answer; above Tryton's own 60 seconds.", standard: "70"),
        Setting("pageSize", "Records asked for at a time, at most 1000.", standard: "500"),
        Setting("overlapSeconds", "How far incremental feeds look back, for transactions that were still open.", standard: "120"),
        Setting("units", "Rec 20 codes of own units by their symbols: cs12=CS, bx=BX.", standard: ""),
        Setting("region", "Region of warehouses that are not in regions.", standard: "default"),
        Setting("regions", "Regions by warehouse code: DC-EAST=east, DC-WEST=west.", standard: ""),
        Setting("timeZone", "IANA time zone of warehouses that are not in timeZones.", standard: "UTC"),
        Setting("timeZones", "Time zones by warehouse code: DC-EAST=America/New_York.", standard: ""),
        Setting("laneCostPerShipment", "Cost of one shipment between warehouses, in the company's currency.", standard: "0"),
        Setting("laneCostPerUnit", "Cost of one stocking unit moved between warehouses.", standard: "0"),
        Setting("laneCosts", "Costs of single lanes, shipment/unit: DC-EAST>DC-WEST=120/0.35.", standard: ""),
        Setting("transitDeviationShare", "Standard deviation of transit times as a share of them.", standard: "0.1"),
        Setting("leadTimeReceipts", "Receipts of a supplier needed to measure its deviation.", standard: "5"),
        Setting("leadTimeHistoryDays", "Days of receipts that are looked at.", standard: "365"),
        Setting(
            "leadTimeDeviationShare", "Deviation of a supplier with fewer receipts, as a share of the lead time.",
            standard: "0.25"),
        Setting("harmlessWarnings", "Beginnings of the names of ERP warnings that Plimsoll may confirm.", standard: ""),
    ]
}

/// What Tryton does not say about a warehouse.
struct WarehousePlaces: Sendable {
    private let region: String
    private let regions: [String: String]
    private let timeZone: TimeZoneName
    private let timeZones: [String: TimeZoneName]

    init(_ reader: SettingReader) throws(Fault) {
        region = try reader.text("region")
        regions = Dictionary(try reader.pairs("regions")) { _, last in last }
        timeZone = try TimeZoneName(checking: try reader.text("timeZone"), field: "timeZone")
        var zones: [String: TimeZoneName] = [:]
        for (code, zone) in try reader.pairs("timeZones") {
            zones[code] = try TimeZoneName(checking: zone, field: "timeZones.\(code)")
        }
        timeZones = zones
    }

    func region(of code: String) -> String { regions[code] ?? region }
    func timeZone(of code: String) -> TimeZoneName { timeZones[code] ?? timeZone }
}

/// What Tryton does not say about the way between two warehouses.
struct LaneCosts: Sendable {
    typealias Costs = (perShipment: Money, perUnit: Money)
    private let standard: Costs
    private let lanes: [String: Costs]
    let deviationShare: Double

    init(_ reader: SettingReader) throws(Fault) {
        standard = (
            try Money(parsing: try reader.text("laneCostPerShipment"), field: "laneCostPerShipment"),
            try Money(parsing: try reader.text("laneCostPerUnit"), field: "laneCostPerUnit")
        )
        var lanes: [String: Costs] = [:]
        for (lane, costs) in try reader.pairs("laneCosts") {
            let field = "laneCosts.\(lane)"
            let parts = costs.split(separator: "/", omittingEmptySubsequences: false)
            guard lane.contains(">"), parts.count == 2 else {
                throw .invalid(field, found: costs, expected: "ORIGIN>DESTINATION=shipment/unit such as DC-EAST>DC-WEST=120/0.35")
            }
            lanes[lane] = (try Money(parsing: parts[0], field: field), try Money(parsing: parts[1], field: field))
        }
        self.lanes = lanes
        deviationShare = try reader.share("transitDeviationShare")
    }

    func costs(from origin: String, to destination: String) -> Costs { lanes["\(origin)>\(destination)"] ?? standard }
}

/// How the spread of a supplier's lead times is found.
struct LeadTimeRules: Sendable {
    let receipts: Int
    let historyDays: Int
    let deviationShare: Double

    init(_ reader: SettingReader) throws(Fault) {
        receipts = try reader.whole("leadTimeReceipts", in: 2...1000)
        historyDays = try reader.whole("leadTimeHistoryDays", in: 1...3660)
        deviationShare = try reader.share("leadTimeDeviationShare")
    }
}
