import CanonicalModel
import Vocabulary

/// Validated rows of demand, and how far the file has been read when they are done.
package struct DemandBatch: Sendable {
    package internal(set) var demand: DemandRows
    /// To be stored in the same transaction as the rows.
    package internal(set) var progress: ImportProgress

    package var count: Int { demand.count }
    package subscript(index: Int) -> Demand { demand[index] }
}
