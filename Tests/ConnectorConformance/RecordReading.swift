import CanonicalModel
import ConnectorKit
import Vocabulary

extension CanonicalRecord {
    /// What is wrong with the entity; empty when it may be stored.
    var violations: [Violation] {
        switch self {
        case .item(let entity): entity.violations()
        case .location(let entity): entity.violations()
        case .supplier(let entity): entity.violations()
        case .sourcing(let entity): entity.violations()
        case .lane(let entity): entity.violations()
        case .policy(let entity): entity.violations()
        case .balance(let entity): entity.violations()
        case .supply(let entity): entity.violations()
        case .demand(let entity): entity.violations()
        }
    }

    /// The feed that it belongs to.
    var feed: Feed {
        switch self {
        case .item: .items
        case .location: .locations
        case .supplier: .suppliers
        case .sourcing: .sourcing
        case .lane: .lanes
        case .policy: .policies
        case .balance: .balances
        case .supply: .supply
        case .demand: .demand
        }
    }
}
