-- The least that a durable flow can write on PostgreSQL, a hundred flows a transaction: the baseline of `make bench`.
-- pgbench runs this file with one client; :first is where its numbers begin.
\set first random(1, 1000000000000000)
BEGIN;
INSERT INTO bench_event (id, body) SELECT 'flow-' || (:first::bigint + n), repeat('x', 400) FROM generate_series(1, 100) n;
INSERT INTO bench_decision (id, body) SELECT 'flow-' || (:first::bigint + n), repeat('x', 400) FROM generate_series(1, 100) n;
INSERT INTO bench_outbox (id, body) SELECT 'flow-' || (:first::bigint + n), repeat('x', 400) FROM generate_series(1, 100) n;
INSERT INTO bench_state (id, body) SELECT 'flow-' || (:first::bigint + n), repeat('x', 400) FROM generate_series(1, 100) n;
COMMIT;
