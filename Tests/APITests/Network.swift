import Gateway
import Governance
import Replenishment
import Storage
import TestBackends
import Testing
import Vocabulary

/// Two regions with one warehouse each, the same item in both, one supplier, and a lane between them.
enum Network {
    static let locations = """
        id,name,region,system
        north,North,emea,erp
        south,South,apac,erp

        """
    static let items = """
        id,name,stockingUnit,unitCost,currency
        bolt,Bolt,C62,10,USD

        """
    static let suppliers = """
        id,name
        acme,Acme

        """
    static let sourcing = """
        item,supplier,leadTimeDays,unit,minimumQuantity,multiple,price,currency
        bolt,acme,10,C62,50,10,10,USD

        """
    static let policies = """
        item,location,levels.reorderPoint,levels.safetyStock,levels.orderUpTo
        bolt,north,100,40,200
        bolt,south,100,40,200

        """
    static let balances = """
        item,location,onHand,allocated
        bolt,north,60,0
        bolt,south,30,0

        """

    /// Brings all of it in over HTTP.
    static func stock(_ server: RunningServer) async throws {
        let files = [
            ("locations", locations), ("items", items), ("suppliers", suppliers), ("sourcing", sourcing), ("policies", policies),
            ("balances", balances),
        ]
        for (feed, rows) in files {
            let answer = try await server.send(
                "POST", "/system/v1/feeds/\(feed)?source=files", rows, key: server.administrator, type: "text/csv")
            try #require(answer.status == 200, "\(feed): \(answer.text)")
        }
    }

    /// Goods for one location, as a planner's model would suggest them.
    static func recommendation(_ id: String, at location: String, quantity: Int = 140, proposedBy: String? = nil) -> String {
        let proposer = proposedBy.map { ",\"proposedBy\":\"\($0)\"" } ?? ""
        return """
            {"id":"\(id)","source":"forecastCloud","item":"bolt","location":"\(location)","madeAt":"2026-03-02T07:00:00Z",
             "proposal":{"replenishment":{"quantity":"\(quantity)","unit":"C62","neededBy":"2026-03-16"}},
             "assumptions":{"stockingUnit":"C62"}\(proposer)}
            """
    }

    /// Sends recommendations as an integration and has them decided.
    static func recommend(_ server: RunningServer, _ rows: String...) async throws {
        let key = try await server.key([.integration], person: "forecastCloud")
        let answer = try await server.post("/process/v1/recommendations", "[\(rows.joined(separator: ","))]", as: key)
        try #require(answer.status == 202, "\(answer.text)")
        _ = try await DecisionStage(server.flow).run()
    }
}
