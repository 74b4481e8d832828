import Storage

/// The tables of the canonical model, in the order in which they are made.
package let canonicalMigrations: [Migration] = [
    itemMigration, locationMigration, supplierMigration, sourcingMigration, laneMigration, inventoryPolicyMigration,
    balanceMigration, supplyLineMigration, forecastMigration, demandMigration, crosswalkMigration,
    clusteredDemandMigration, crosswalkVersionMigration, successionMigration, receiptMigration,
]

/// What every table of `Records` has besides the entity's own columns.
let recordColumns: SQL = """
    version BIGINT NOT NULL, digest \(.key) NOT NULL, source_system \(.key) NOT NULL, source_record \(.key),
    observed_at BIGINT NOT NULL, round_at BIGINT NOT NULL, recorded_at BIGINT NOT NULL
    """
