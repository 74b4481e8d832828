import EventLog
import Gateway
import HTTPTypes
import Hummingbird
import NIOCore
import Replenishment
import Storage
import Vocabulary

/// The event log to those who pull, and replays for those who are pushed to.
struct EventRoutes: Sendable {
    let flow: FlowServices

    /// Exactly one of `position`, `instant` and a filter of `types` and `subjects`.
    struct Replaying: Codable, Sendable {
        var position: Int64?
        var instant: Instant?
        var types: [String]?
        var subjects: [String]?

        var point: ReplayPoint {
            get throws(Fault) {
                let isFilter = types != nil || subjects != nil
                switch (position, instant, isFilter) {
                case (let position?, nil, false): return .position(position)
                case (nil, let instant?, false): return .instant(instant)
                case (nil, nil, true): return .filter(EventFilter(types: types ?? [], subjects: subjects ?? []))
                default:
                    throw .invalid("body", found: nil, expected: "one of position, instant, or a filter of types and subjects")
                }
            }
        }
    }

    struct Replayed: Encodable, Sendable {
        let consumer: String
        /// Delivered again at most, before the consumer's own filter.
        let events: Int
        /// Of the last event that the consumer is taken to have.
        let position: Int64
    }

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("events") { request, _ in
            let query = try RequestQuery(request, allowing: ["after", "type", "subject", "since", "limit"])
            var filter = EventFilter()
            filter.types = query["type"].map { $0.split(separator: ",").map(String.init) } ?? []
            filter.subjects = query["subject"].map { [$0] } ?? []
            filter.from = try query.instant("since")
            let (after, limit) = (try query.position("after") ?? 0, try query.limit())
            let (events, head) = try await flow.database.read { [filter] connection in
                (
                    try flow.events.events(after: after, limit: limit, matching: filter, on: connection),
                    try flow.events.head(on: connection)
                )
            }
            let list = "[\(try events.map { try $0.cloudEvent }.joined(separator: ","))]"
            // A page that is not full has looked at everything there is, also at what the filter passed over.
            let position = events.count < limit ? max(after, head) : events.last?.position ?? after
            if request.headers[.accept]?.contains(CloudEvent.batchMediaType) == true {
                return Response.text(list, type: CloudEvent.batchMediaType, headers: [.eventPosition: String(position)])
            }
            return Response.text("{\"events\":\(list),\"position\":\(position)}", type: "application/json")
        }
        routes.post("consumers/{name}/replay") { request, context in
            let point = try await request.decoded(Replaying.self, context).point
            let (name, now) = (try context.text("name"), flow.clock.now())
            let (count, position) = try await flow.database.write { connection in
                (
                    try flow.events.replay(name, from: point, on: connection, at: now),
                    try flow.events.position(of: name, on: connection)
                )
            }
            return try Response.json(Replayed(consumer: name, events: count, position: position), status: .accepted)
        }
    }
}

extension HTTPField.Name {
    /// What to read after next.
    static let eventPosition = HTTPField.Name("Plimsoll-Event-Position") ?? .date
}
