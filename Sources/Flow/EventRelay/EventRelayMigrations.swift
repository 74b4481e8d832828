import Storage

package let eventRelayMigrations: [Migration] = [
    // What came in over the broker and is stored, and what could not be.
    Migration("eventrelay-001-inbox") {
        """
        CREATE TABLE relay_inbox (
            system \(.key) NOT NULL, id \(.key) NOT NULL, received_at BIGINT NOT NULL, PRIMARY KEY (system, id))
        """
        """
        CREATE TABLE relay_poison (
            digest \(.key) PRIMARY KEY, subject \(.key) NOT NULL, body TEXT NOT NULL, code \(.key) NOT NULL, reason TEXT NOT NULL,
            times BIGINT NOT NULL, first_seen_at BIGINT NOT NULL, last_seen_at BIGINT NOT NULL)
        """
    }
]
