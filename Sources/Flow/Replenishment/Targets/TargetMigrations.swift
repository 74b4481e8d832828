import Storage

let targetMigrations: [Migration] = [
    // Which systems fail for which replica, and under epoch 0 what they have asked of all.
    Migration("target-001-standing") {
        """
        CREATE TABLE target_standing (
            system \(.key) NOT NULL, epoch BIGINT NOT NULL, state \(.key) NOT NULL, rests_until BIGINT NOT NULL,
            since BIGINT NOT NULL, trials BIGINT NOT NULL DEFAULT 0, reason TEXT, PRIMARY KEY (system, epoch))
        """
    }
]
