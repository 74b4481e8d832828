import Storage

/// How far each feed was read, and what could not be taken from it.
package let synchronizationMigrations: [Migration] = [
    Migration("synchronization-001-feed") {
        """
        CREATE TABLE sync_feed (
            system \(.key) NOT NULL, feed \(.key) NOT NULL, cursor_time BIGINT, cursor_id \(.key), round_at BIGINT,
            round_rows BIGINT NOT NULL, lease_holder \(.key), lease_until BIGINT NOT NULL, started_at BIGINT,
            completed_at BIGINT, fault_code \(.key), fault TEXT, PRIMARY KEY (system, feed))
        """
    },
    Migration("synchronization-002-refusal") {
        """
        CREATE TABLE refusal (
            system \(.key) NOT NULL, feed \(.key) NOT NULL, source_row \(.key) NOT NULL, violations TEXT NOT NULL,
            times BIGINT NOT NULL, first_seen_at BIGINT NOT NULL, last_seen_at BIGINT NOT NULL, closed_at BIGINT,
            PRIMARY KEY (system, feed, source_row))
        """
        "CREATE INDEX refusal_open ON refusal (system, feed, last_seen_at) WHERE closed_at IS NULL"
    },
]
