import Storage

/// What was asked for, a row for each item, location and period: by far the longest table, so its rows are short.
///
/// Item and location stand once, in the series, and a row has its number; the day is the number of days since
/// 1970-01-01. That is a third of the bytes of names and dates written out, and the index is compared in one step.
/// The first and last day of a series tell which rows are certainly new without looking for them.
let demandMigration = Migration("canonical-010-demand") {
    """
    CREATE TABLE demand_series (
        id BIGINT PRIMARY KEY, location \(.key) NOT NULL, item \(.key) NOT NULL, first_day INTEGER NOT NULL,
        last_day INTEGER NOT NULL, UNIQUE (location, item))
    """
    "CREATE INDEX demand_series_item ON demand_series (item)"
    "CREATE TABLE demand_series_head (id BIGINT PRIMARY KEY, last_series BIGINT NOT NULL)"
    """
    CREATE TABLE demand (
        series BIGINT NOT NULL, quantity BIGINT NOT NULL, observed_at BIGINT NOT NULL, day INTEGER NOT NULL,
        is_censored SMALLINT NOT NULL, source_system \(.key) NOT NULL, PRIMARY KEY (series, day))
    """
}

/// Keeps the rows of a series beside each other on SQLite, in one tree instead of a table and an index: a third less to
/// write, and a series is read in one go.
let clusteredDemandMigration = Migration("canonical-012-demand-clustered") {
    "ALTER TABLE demand RENAME TO demand_unordered"
    """
    CREATE TABLE demand (
        series BIGINT NOT NULL, day INTEGER NOT NULL, quantity BIGINT NOT NULL, observed_at BIGINT NOT NULL,
        is_censored SMALLINT NOT NULL, source_system \(.key) NOT NULL, PRIMARY KEY (series, day)) \(.clustered)
    """
    """
    INSERT INTO demand (series, day, quantity, observed_at, is_censored, source_system)
    SELECT series, day, quantity, observed_at, is_censored, source_system FROM demand_unordered
    """
    "DROP TABLE demand_unordered"
}
