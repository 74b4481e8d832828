import Storage

package let auditMigrations: [Migration] = [
    Migration("audit-001-entry") {
        "CREATE TABLE audit_head (shard BIGINT PRIMARY KEY, sequence BIGINT NOT NULL, hash \(.key) NOT NULL)"
        """
        CREATE TABLE audit_entry (
            shard BIGINT NOT NULL, sequence BIGINT NOT NULL, at BIGINT NOT NULL, kind \(.key) NOT NULL,
            subject \(.key) NOT NULL, actor \(.key) NOT NULL, body TEXT NOT NULL, previous \(.key) NOT NULL,
            hash \(.key) NOT NULL, PRIMARY KEY (shard, sequence))
        """
        "CREATE INDEX audit_entry_subject ON audit_entry (shard, subject, sequence)"
    },
    Migration("audit-002-checkpoint") {
        """
        CREATE TABLE audit_checkpoint (
            shard BIGINT NOT NULL, sequence BIGINT NOT NULL, hash \(.key) NOT NULL, at BIGINT NOT NULL,
            key_id \(.key) NOT NULL, signature TEXT NOT NULL, PRIMARY KEY (shard, sequence))
        """
    },
]
