import Storage

let replicaMigrations: [Migration] = [
    // How far each process is from the database, in microseconds of one round trip; it is written with each heartbeat.
    Migration("replica-001-distance", isAdditive: true) {
        "ALTER TABLE replica ADD COLUMN round_trip BIGINT"
    }
]
