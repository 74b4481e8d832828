import Storage

/// What was asked for, a row for each item, location and period: by far the longest table.
///
/// Its rows are kept short: no id beside the key it follows from, no version and no digest. The key begins with the
/// location, because forecasts are made location by location.
let demandMigration = Migration("canonical-010-demand") {
    """
    CREATE TABLE demand (
        location \(.key) NOT NULL, item \(.key) NOT NULL, date \(.key) NOT NULL, quantity BIGINT NOT NULL,
        is_censored SMALLINT NOT NULL, source_system \(.key) NOT NULL, observed_at BIGINT NOT NULL,
        PRIMARY KEY (location, item, date))
    """
}
