import Storage

package let eventLogMigrations: [Migration] = [
    Migration("eventlog-001-event") {
        "CREATE TABLE event_head (shard BIGINT PRIMARY KEY, position BIGINT NOT NULL)"
        """
        CREATE TABLE event (
            shard BIGINT NOT NULL, position BIGINT NOT NULL, id \(.key) NOT NULL, type \(.key) NOT NULL,
            subject \(.key) NOT NULL, source \(.key) NOT NULL, at BIGINT NOT NULL, key \(.key), trace \(.key),
            data TEXT NOT NULL, PRIMARY KEY (shard, position))
        """
        "CREATE UNIQUE INDEX event_id ON event (id)"
        "CREATE INDEX event_type ON event (shard, type, position)"
        "CREATE INDEX event_subject ON event (shard, subject, position)"
        "CREATE INDEX event_at ON event (shard, at, position)"
    },
    // A consumer's offset and who is delivering to it at the moment.
    Migration("eventlog-002-consumer") {
        """
        CREATE TABLE consumer (
            name \(.key) NOT NULL, shard BIGINT NOT NULL, position BIGINT NOT NULL, updated_at BIGINT NOT NULL,
            lease_holder \(.key), lease_until BIGINT NOT NULL, epoch BIGINT NOT NULL, PRIMARY KEY (name, shard))
        """
    },
    // Events that are to be delivered apart from the offset: failed, held back behind a failed one, replayed, dead.
    Migration("eventlog-003-delivery") {
        """
        CREATE TABLE delivery (
            consumer \(.key) NOT NULL, shard BIGINT NOT NULL, position BIGINT NOT NULL, subject \(.key) NOT NULL,
            state \(.key) NOT NULL, attempts BIGINT NOT NULL, due_at BIGINT NOT NULL, code \(.key), reason TEXT,
            discard_reason TEXT, replays BIGINT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
            PRIMARY KEY (consumer, shard, position))
        """
        "CREATE INDEX delivery_state ON delivery (consumer, shard, state, subject, position)"
    },
    Migration("eventlog-004-outbox") {
        """
        CREATE TABLE outbox_cursor (
            relay \(.key) NOT NULL, shard BIGINT NOT NULL, published BIGINT NOT NULL, updated_at BIGINT NOT NULL,
            PRIMARY KEY (relay, shard))
        """
        """
        CREATE VIEW outbox AS
        SELECT outbox_cursor.relay, event.shard, event.position, event.id, event.type, event.subject, event.source,
               event.at, event.key, event.trace, event.data
        FROM outbox_cursor JOIN event ON event.shard = outbox_cursor.shard AND event.position > outbox_cursor.published
        """
    },
    // Whose deed an event tells, and the entry of the audit chain that vouches for it. What is written thousands of times a
    // second is found by its position: an id tells it, and of times only the first position of each transaction is kept.
    Migration("eventlog-005-seal") {
        "ALTER TABLE event ADD COLUMN actor \(.key)"
        "ALTER TABLE event ADD COLUMN seal BIGINT"
        "DROP INDEX event_id"
        "CREATE UNIQUE INDEX event_id ON event (id) WHERE id < 'e'"
        "DROP INDEX event_type"
        "DROP INDEX event_at"
        """
        CREATE TABLE event_moment (
            shard BIGINT NOT NULL, at BIGINT NOT NULL, position BIGINT NOT NULL, PRIMARY KEY (shard, at, position)) \(.clustered)
        """
        "INSERT INTO event_moment (shard, at, position) SELECT shard, at, MIN(position) FROM event GROUP BY shard, at"
    },
]
