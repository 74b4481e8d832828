import Storage

package let gatewayMigrations: [Migration] = [
    Migration("gateway-001-api-key") {
        """
        CREATE TABLE api_key (
            id \(.key) PRIMARY KEY, name TEXT NOT NULL, person \(.key) NOT NULL, digest \(.key) NOT NULL, roles TEXT NOT NULL,
            scope TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT, revoked_at BIGINT, last_used_at BIGINT)
        """
        "CREATE UNIQUE INDEX api_key_digest ON api_key (digest)"
        // That there has been a first key is remembered even when every key is gone.
        "CREATE TABLE api_key_bootstrap (id SMALLINT PRIMARY KEY, at BIGINT NOT NULL)"
    },
    Migration("gateway-002-idempotency-key") {
        """
        CREATE TABLE idempotency_key (
            principal \(.key) NOT NULL, key \(.key) NOT NULL, digest \(.key) NOT NULL, status BIGINT, media_type \(.key),
            body TEXT,
            started_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, PRIMARY KEY (principal, key))
        """
        "CREATE INDEX idempotency_key_expires ON idempotency_key (expires_at)"
    },
    // By the database's clock: until then the request that claimed the key is being carried out.
    Migration("gateway-003-idempotency-lease") {
        "ALTER TABLE idempotency_key ADD COLUMN lease_until BIGINT"
    },
]
