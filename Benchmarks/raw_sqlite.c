/* raw_sqlite FILE FLOWS: the least that a durable flow can write on SQLite, as a baseline.
 *
 * For each flow the four rows of Benchmarks/minimal-transaction.sql (event, decision, outbox, state) with bodies as
 * long as ours, in transactions of 100 flows, synchronous=FULL in WAL mode, through prepared statements. Nothing is
 * read, decided, hashed or checked. Prints the seconds.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void require(int ok, sqlite3 *database, const char *what) {
    if (ok) return;
    fprintf(stderr, "raw_sqlite: %s: %s\n", what, sqlite3_errmsg(database));
    exit(1);
}

static sqlite3_stmt *prepared(sqlite3 *database, const char *sql) {
    sqlite3_stmt *statement = NULL;
    require(sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK, database, sql);
    return statement;
}

static void insert(sqlite3 *database, sqlite3_stmt *statement, int flow, const char *body) {
    char id[32];
    snprintf(id, sizeof id, "flow-%d", flow);
    sqlite3_bind_text(statement, 1, id, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(statement, 2, body, -1, SQLITE_STATIC);
    require(sqlite3_step(statement) == SQLITE_DONE, database, "insert");
    sqlite3_reset(statement);
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    const int flows = atoi(arguments[2]), batch = 100;
    sqlite3 *database = NULL;
    require(sqlite3_open(arguments[1], &database) == SQLITE_OK, database, "open");
    const char *tables[] = {"event", "decision", "outbox", "state"};
    sqlite3_stmt *statements[4];
    require(sqlite3_exec(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", NULL, NULL, NULL) == SQLITE_OK,
            database, "settings");
    for (int table = 0; table < 4; table++) {
        char sql[200];
        snprintf(sql, sizeof sql, "CREATE TABLE %s (id TEXT PRIMARY KEY, body TEXT NOT NULL)", tables[table]);
        require(sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK, database, sql);
        snprintf(sql, sizeof sql, "INSERT INTO %s (id, body) VALUES (?, ?)", tables[table]);
        statements[table] = prepared(database, sql);
    }
    char body[401];
    memset(body, 'x', 400);
    body[400] = 0;
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int flow = 0; flow < flows;) {
        require(sqlite3_exec(database, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK, database, "begin");
        for (int one = 0; one < batch && flow < flows; one++, flow++)
            for (int table = 0; table < 4; table++) insert(database, statements[table], flow, body);
        require(sqlite3_exec(database, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, database, "commit");
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.6f\n", (end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) / 1e9);
    for (int table = 0; table < 4; table++) sqlite3_finalize(statements[table]);
    return sqlite3_close(database) == SQLITE_OK ? 0 : 1;
}
