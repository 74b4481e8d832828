import CanonicalModel
import Governance
import Storage
import Vocabulary
package struct PositionKey: Hashable, Sendable { package var item: ID<Item>; package var location: ID<Location>; package init(item: ID<Item>, location: ID<Location>) { self.item = item; self.location = location } }
enum PositionAnswer { case missing(String); case found(PositionFacts) }
extension PositionFacts { static func read(for p: [PositionKey], on c: any Connection, at: Instant) throws -> [PositionAnswer] { [] } }
enum CrosswalkStore { static func load(_ s: ID<ExternalSystem>, on c: any Connection) throws -> Crosswalk { Crosswalk() } }
