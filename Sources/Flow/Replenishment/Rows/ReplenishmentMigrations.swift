import Storage

package let replenishmentMigrations: [Migration] = flowMigrations + targetMigrations + replicaMigrations

private let flowMigrations: [Migration] = [
    Migration("replenishment-001-flow") {
        """
        CREATE TABLE replenishment (
            id \(.key) PRIMARY KEY, state \(.key) NOT NULL, order_key \(.key) NOT NULL, version BIGINT NOT NULL,
            source \(.key) NOT NULL, cycle \(.key), item \(.key) NOT NULL, location \(.key) NOT NULL,
            made_at BIGINT NOT NULL, body TEXT NOT NULL, digest TEXT NOT NULL, reference \(.key) NOT NULL,
            decision \(.key), action_kind \(.key), action TEXT, system \(.key), origin \(.key), goods BIGINT, due_on \(.key),
            attempts BIGINT NOT NULL DEFAULT 0, failures BIGINT NOT NULL DEFAULT 0, replays BIGINT NOT NULL DEFAULT 0,
            epoch BIGINT, next_at BIGINT, escalates_at BIGINT, expires_at BIGINT, escalated SMALLINT NOT NULL DEFAULT 0,
            fault \(.key), reason TEXT, document_kind TEXT, document_number \(.key), document_id TEXT,
            accepted_at BIGINT NOT NULL, updated_at BIGINT NOT NULL)
        """
        "CREATE UNIQUE INDEX replenishment_reference ON replenishment (reference)"
        "CREATE UNIQUE INDEX replenishment_version ON replenishment (order_key, version)"
        // Order per key by constraint: at most one action of a key may be on its way.
        "CREATE UNIQUE INDEX replenishment_on_the_way ON replenishment (order_key) WHERE state IN ('inflight', 'unknown')"
        "CREATE INDEX replenishment_ready ON replenishment (state, next_at)"
        "CREATE INDEX replenishment_position ON replenishment (item, location, state)"
        "CREATE INDEX replenishment_origin ON replenishment (origin, item) WHERE origin IS NOT NULL"
        "CREATE INDEX replenishment_cycle ON replenishment (cycle) WHERE cycle IS NOT NULL"
        "CREATE TABLE replenishment_gate (id SMALLINT PRIMARY KEY)"
        "INSERT INTO replenishment_gate (id) VALUES (0)"
    },
    Migration("replenishment-002-decision") {
        """
        CREATE TABLE decision (
            id \(.key) PRIMARY KEY, recommendation \(.key) NOT NULL, decided_at BIGINT NOT NULL, verdict \(.key) NOT NULL,
            rule TEXT NOT NULL, policy \(.key) NOT NULL, body TEXT NOT NULL, facts TEXT NOT NULL)
        """
        "CREATE INDEX decision_recommendation ON decision (recommendation, decided_at)"
        "CREATE TABLE decision_policy (digest \(.key) PRIMARY KEY, body TEXT NOT NULL, loaded_at BIGINT NOT NULL)"
        """
        CREATE TABLE approval (
            decision \(.key) NOT NULL, person \(.key) NOT NULL, recommendation \(.key) NOT NULL, at BIGINT NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (decision, person))
        """
    },
    Migration("replenishment-003-attempt") {
        """
        CREATE TABLE attempt (
            recommendation \(.key) NOT NULL, number BIGINT NOT NULL, reference \(.key) NOT NULL, system \(.key) NOT NULL,
            replica \(.key) NOT NULL, epoch BIGINT NOT NULL, started_at BIGINT NOT NULL, ended_at BIGINT, outcome \(.key),
            detail TEXT, PRIMARY KEY (recommendation, number))
        """
        "CREATE TABLE replica (epoch BIGINT PRIMARY KEY, name \(.key) NOT NULL, started_at BIGINT NOT NULL, expires_at "
            + "BIGINT NOT NULL)"
    },
    Migration("replenishment-004-exception") {
        """
        CREATE TABLE planning_exception (
            id \(.key) PRIMARY KEY, kind \(.key) NOT NULL, subject \(.key) NOT NULL, team \(.key) NOT NULL, item \(.key),
            location \(.key),
            summary TEXT NOT NULL, impact TEXT, opened_at BIGINT NOT NULL, due_at BIGINT NOT NULL, seen BIGINT NOT NULL DEFAULT 1,
            last_seen_at BIGINT NOT NULL, closed_at BIGINT, closed_by \(.key), resolution TEXT)
        """
        "CREATE UNIQUE INDEX planning_exception_open ON planning_exception (kind, subject) WHERE closed_at IS NULL"
        "CREATE INDEX planning_exception_team ON planning_exception (team, due_at)"
        """
        CREATE TABLE delegation (
            id \(.key) PRIMARY KEY, from_person \(.key) NOT NULL, to_person \(.key) NOT NULL, body TEXT NOT NULL,
            valid_from BIGINT NOT NULL, valid_until BIGINT NOT NULL)
        """
    },
    // Which decision table was put in force when, and the lists that people look at, newest first.
    Migration("replenishment-005-browsing") {
        """
        CREATE TABLE decision_policy_adoption (
            number BIGINT PRIMARY KEY, digest \(.key) NOT NULL, adopted_at BIGINT NOT NULL, adopted_by \(.key) NOT NULL)
        """
        "CREATE INDEX replenishment_newest ON replenishment (accepted_at, id)"
        "CREATE INDEX replenishment_state_newest ON replenishment (state, accepted_at, id)"
    },
    // When an approval is due and whether somebody was told, and which decisions rest on a fallback forecast.
    Migration("replenishment-006-due") {
        "ALTER TABLE replenishment ADD COLUMN due_at BIGINT"
        "ALTER TABLE replenishment ADD COLUMN overdue SMALLINT NOT NULL DEFAULT 0"
        "ALTER TABLE replenishment ADD COLUMN provisional SMALLINT NOT NULL DEFAULT 0"
        "CREATE INDEX replenishment_due ON replenishment (due_at) WHERE state = 'awaitingApproval' AND overdue = 0"
        "CREATE INDEX replenishment_provisional ON replenishment (item, location) WHERE provisional = 1"
    },
    // What one system is to be sent or asked next, and whether anything is open about a subject.
    Migration("replenishment-007-lanes") {
        "CREATE INDEX replenishment_lane ON replenishment (system, state, next_at) WHERE state IN ('approved', 'unknown')"
        "CREATE INDEX replenishment_epoch ON replenishment (epoch) WHERE state = 'inflight'"
        "CREATE INDEX planning_exception_subject ON planning_exception (subject) WHERE closed_at IS NULL"
    },
    // The trace of the request that brought it, which everything that becomes of it carries on.
    Migration("replenishment-008-trace") {
        "ALTER TABLE replenishment ADD COLUMN trace \(.key)"
    },
    // What a restored database may have sent in the life that it has forgotten is looked for before it is sent.
    Migration("replenishment-009-restoration") {
        "ALTER TABLE replenishment ADD COLUMN look_first SMALLINT NOT NULL DEFAULT 0"
        "CREATE INDEX replenishment_look_first ON replenishment (accepted_at) WHERE look_first = 1"
        "CREATE TABLE restoration (number BIGINT PRIMARY KEY, at BIGINT NOT NULL, actor \(.key) NOT NULL)"
    },
    // How far the round is that looks again for what was done in a system.
    Migration("replenishment-010-effects") {
        """
        CREATE TABLE effect_review (
            system \(.key) PRIMARY KEY, started_at BIGINT NOT NULL, next_at BIGINT NOT NULL, position \(.key) NOT NULL)
        """
    },
    // What a recommendation says is written once; where it stands is a narrow row, since that is written at every step. What
    // it moves, and between which places, is on the narrow row only while an action moves goods.
    Migration("replenishment-011-narrow") {
        """
        CREATE TABLE recommendation (
            id \(.key) PRIMARY KEY, order_key \(.key) NOT NULL, version BIGINT NOT NULL, source \(.key) NOT NULL, cycle \(.key),
            item \(.key) NOT NULL, location \(.key) NOT NULL, made_at BIGINT NOT NULL, body TEXT NOT NULL, digest TEXT NOT NULL,
            reference \(.key) NOT NULL, trace \(.key), accepted_at BIGINT NOT NULL)
        """
        """
        INSERT INTO recommendation (id, order_key, version, source, cycle, item, location, made_at, body, digest, reference,
            trace, accepted_at)
        SELECT id, order_key, version, source, cycle, item, location, made_at, body, digest, reference, trace, accepted_at
        FROM replenishment
        """
        "CREATE UNIQUE INDEX recommendation_version ON recommendation (order_key, version)"
        "CREATE INDEX recommendation_position ON recommendation (item, location)"
        "CREATE INDEX recommendation_newest ON recommendation (accepted_at, id)"
        "CREATE INDEX recommendation_cycle ON recommendation (cycle) WHERE cycle IS NOT NULL"
        "DROP INDEX replenishment_reference"
        "DROP INDEX replenishment_version"
        "DROP INDEX replenishment_ready"
        "DROP INDEX replenishment_position"
        "DROP INDEX replenishment_origin"
        "DROP INDEX replenishment_cycle"
        "DROP INDEX replenishment_newest"
        "DROP INDEX replenishment_state_newest"
        "DROP INDEX replenishment_provisional"
        "DROP INDEX replenishment_look_first"
        "ALTER TABLE replenishment ADD COLUMN goods_item \(.key)"
        "ALTER TABLE replenishment ADD COLUMN goods_location \(.key)"
        "UPDATE replenishment SET goods_item = item, goods_location = location WHERE goods IS NOT NULL"
        "ALTER TABLE replenishment DROP COLUMN source"
        "ALTER TABLE replenishment DROP COLUMN cycle"
        "ALTER TABLE replenishment DROP COLUMN item"
        "ALTER TABLE replenishment DROP COLUMN location"
        "ALTER TABLE replenishment DROP COLUMN made_at"
        "ALTER TABLE replenishment DROP COLUMN body"
        "ALTER TABLE replenishment DROP COLUMN digest"
        "ALTER TABLE replenishment DROP COLUMN reference"
        "ALTER TABLE replenishment DROP COLUMN action"
        "ALTER TABLE replenishment DROP COLUMN trace"
        """
        CREATE INDEX replenishment_waiting ON replenishment (state, accepted_at, id)
            WHERE state IN ('received', 'awaitingApproval', 'held', 'deadLetter')
        """
        "CREATE INDEX replenishment_turn ON replenishment (order_key, version) WHERE state = 'approved'"
        "CREATE INDEX replenishment_goods ON replenishment (goods_item, goods_location) WHERE goods IS NOT NULL"
        "CREATE INDEX replenishment_origin ON replenishment (origin, goods_item) WHERE origin IS NOT NULL"
        "CREATE INDEX replenishment_provisional ON replenishment (id) WHERE provisional = 1"
        "CREATE INDEX replenishment_look_first ON replenishment (id) WHERE look_first = 1"
    },
]
