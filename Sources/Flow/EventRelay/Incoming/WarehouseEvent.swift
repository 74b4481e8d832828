import CanonicalModel
import ConnectorKit
import EventLog
import Vocabulary

/// Something a warehouse observed, as it tells it: a CloudEvent whose data is a canonical record as it is *after* the
/// movement, not the movement itself.
///
/// | attribute | is |
/// |---|---|
/// | `id` | unique for the source: a repetition is recognised by `source` and `id` |
/// | `source` | `/systems/<name>` |
/// | `type` | `plimsoll.balance.observed`, `plimsoll.supply.observed` or `plimsoll.demand.observed` |
/// | `time` | when it was observed: an older observation never overwrites a newer one |
/// | `data` | the record in its contract |
package struct WarehouseEvent: Sendable {
    package let id: String
    package let system: ID<ExternalSystem>
    package let feed: Feed
    package let observation: Observation

    /// - Throws: `input.invalid` with what does not fit the contract.
    package init(_ message: IncomingMessage) throws(Fault) {
        let event = try CloudEvent(json: message.body)
        let parts = event.source.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty, parts[1] == "systems", !parts[2].isEmpty else {
            throw .invalid("source", found: event.source, expected: "/systems/ and the name of the system")
        }
        guard let time = event.time else {
            throw .invalid("time", found: nil, expected: "when it was observed, as 2026-11-23T20:36:00Z")
        }
        guard case .json(let data) = event.data else {
            throw .invalid("data", found: nil, expected: "the record as a JSON object")
        }
        id = event.id
        system = ID(String(parts[2]))
        let record: CanonicalRecord
        let name: String
        switch event.type {
        case "plimsoll.balance.observed":
            let balance: Balance = try JSON.decode(from: data)
            (feed, record, name) = (.balances, .balance(balance), balance.id.rawValue)
        case "plimsoll.supply.observed":
            let line: SupplyLine = try JSON.decode(from: data)
            (feed, record, name) = (.supply, .supply(line), line.id.rawValue)
        case "plimsoll.demand.observed":
            let demand: Demand = try JSON.decode(from: data)
            (feed, record, name) = (.demand, .demand(demand), demand.id.rawValue)
        default:
            throw .invalid(
                "type", found: event.type,
                expected: "plimsoll.balance.observed, plimsoll.supply.observed or plimsoll.demand.observed")
        }
        observation = Observation(record, externalID: name, observedAt: time)
    }
}
