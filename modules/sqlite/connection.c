// SPDX-License-Identifier: MIT
//
// One connection to a database: opened when it is first used, with its busy
// handler, its brake and the statements it keeps ready. Everything here is
// called by a thread of the blocking pool that has the connection to itself.

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "sqlite/sqlite_impl.h"
#include "sync/thread_sleep.h"

// How many steps of SQLite's machine pass between two looks at whether anybody
// still wants the result: some microseconds.
#define STEPS_BETWEEN_LOOKS 1000

static int try_open(ant__sqlite_connection *connection, char *ret_error);
static int on_busy(void *arg, int count);
static int on_progress(void *arg);
static ant__sqlite_cached *find(ant__sqlite_connection *connection,
                                const char *sql);
static void keep(ant__sqlite_connection *connection, const char *sql,
                 sqlite3_stmt *statement);
static void evict(ant__sqlite_cached *cached);

// ---- Opening and closing ----

int ant__sqlite_open(ant__sqlite_connection *connection, char *ret_error)
{
    if (connection->db != NULL) return 0;
    const int err = try_open(connection, ret_error);
    if (err < 0) ant__sqlite_shut(connection);
    return err;
}

static int try_open(ant__sqlite_connection *connection, char *ret_error)
{
    const ant__sqlite_pool *pool = connection->pool;
    const int create = pool->must_exist ? 0 : SQLITE_OPEN_CREATE;
    // One thread at a time: SQLite need not lock.
    const int flags = SQLITE_OPEN_NOMUTEX |
                      (pool->is_read_only ? SQLITE_OPEN_READONLY
                                          : SQLITE_OPEN_READWRITE | create);
    int code = sqlite3_open_v2(pool->path, &connection->db, flags, NULL);
    sqlite3 *db = connection->db;
    if (db == NULL) return -ENOMEM;
    const int system_err = code == SQLITE_OK ? 0 : sqlite3_system_errno(db);
    if (code == SQLITE_OK) {
        (void)sqlite3_extended_result_codes(db, 1);
        (void)sqlite3_busy_handler(db, on_busy, connection);
        sqlite3_progress_handler(db, STEPS_BETWEEN_LOOKS, on_progress,
                                 connection);
        code = sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
    }
    // Also the first look into the file. A database that may not be written
    // keeps the journal that it has.
    if (code == SQLITE_OK)
        code = sqlite3_exec(db,
                            pool->is_read_only ? "PRAGMA schema_version"
                                               : "PRAGMA journal_mode = WAL",
                            NULL, NULL, NULL);
    if (code == SQLITE_OK) return 0;
    (void)snprintf(ret_error, ANT_SQLITE_ERROR_MAX, "%s: %s", pool->path,
                   sqlite3_errmsg(db));
    return system_err > 0 ? -system_err : ant__sqlite_errno(code);
}

void ant__sqlite_shut(ant__sqlite_connection *connection)
{
    for (int i = 0; i < ANT__SQLITE_CACHE_MAX; i++)
        evict(&connection->cache[i]);
    const int code = sqlite3_close(connection->db);
    ANT_ASSERT(code == SQLITE_OK); // every statement was given back
    connection->db = NULL;
}

void ant__sqlite_clean(ant__sqlite_connection *connection)
{
    sqlite3 *db = connection->db;
    connection->is_in_tx = false;
    if (db == NULL || sqlite3_get_autocommit(db)) return;
    (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    if (!sqlite3_get_autocommit(db)) ant__sqlite_shut(connection);
}

// ---- What SQLite asks while it works ----

// Another connection has the lock. True: try again.
static int on_busy(void *arg, int count)
{
    static const uint32_t pause_ms[] = { 1, 2, 5, 10, 15, 20, 25, 50 };
    const ant__sqlite_connection *connection = arg;
    if (on_progress(arg)) return 0;
    uint32_t waited_ms = 0;
    uint32_t next_ms = 0;
    for (int i = 0; i <= count; i++) {
        waited_ms += next_ms;
        next_ms = pause_ms[i < 8 ? i : 7];
    }
    if (waited_ms >= connection->pool->busy_ms) return 0;
    const uint32_t left_ms = connection->pool->busy_ms - waited_ms;
    ant_thread_sleep(next_ms < left_ms ? next_ms : left_ms);
    return 1;
}

// True: stop. sqlite3_interrupt could come just before a statement begins, and
// be forgotten; this is asked again and again.
static int on_progress(void *arg)
{
    const ant__sqlite_connection *connection = arg;
    // relaxed: an offer to stop early, nothing follows from it.
    return connection->job != NULL &&
           ant_atomic_load(&connection->job->is_abandoned, ANT_RELAXED);
}

// ---- Statements ----

int ant__sqlite_prepare(ant__sqlite_connection *connection, const char *sql,
                        sqlite3_stmt **ret_statement, const char **ret_tail)
{
    ant__sqlite_cached *cached = find(connection, sql);
    *ret_tail = NULL;
    if (cached != NULL) {
        cached->used = ++connection->used;
        *ret_statement = cached->statement;
        return SQLITE_OK;
    }
    const char *tail;
    const int code =
        sqlite3_prepare_v3(connection->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                           ret_statement, &tail);
    if (code != SQLITE_OK) return code;
    if (tail[strspn(tail, " \t\r\n;")] != '\0')
        *ret_tail = tail;
    else if (*ret_statement != NULL)
        keep(connection, sql, *ret_statement);
    return SQLITE_OK;
}

void ant__sqlite_prepared_end(ant__sqlite_connection *connection,
                              sqlite3_stmt *statement)
{
    (void)sqlite3_reset(statement); // says again what step said
    (void)sqlite3_clear_bindings(statement);
    for (int i = 0; i < ANT__SQLITE_CACHE_MAX; i++) {
        if (connection->cache[i].statement == statement) return;
    }
    (void)sqlite3_finalize(statement);
}

static ant__sqlite_cached *find(ant__sqlite_connection *connection,
                                const char *sql)
{
    for (int i = 0; i < ANT__SQLITE_CACHE_MAX; i++) {
        ant__sqlite_cached *cached = &connection->cache[i];
        if (cached->sql != NULL && strcmp(cached->sql, sql) == 0) return cached;
    }
    return NULL;
}

// In the place of the one that was not used for longest. Without memory it is
// not kept.
static void keep(ant__sqlite_connection *connection, const char *sql,
                 sqlite3_stmt *statement)
{
    const size_t size = strlen(sql) + 1;
    char *copy = ant_mem_alloc(size);
    if (copy == NULL) return;
    memcpy(copy, sql, size);
    ant__sqlite_cached *oldest = &connection->cache[0];
    for (int i = 1; i < ANT__SQLITE_CACHE_MAX; i++) {
        if (connection->cache[i].used < oldest->used)
            oldest = &connection->cache[i];
    }
    evict(oldest);
    *oldest = (ant__sqlite_cached){ copy, statement, ++connection->used };
}

static void evict(ant__sqlite_cached *cached)
{
    (void)sqlite3_finalize(cached->statement);
    ant_mem_free(cached->sql);
    *cached = (ant__sqlite_cached){ 0 };
}

// ---- Errors ----

int ant__sqlite_errno(int code)
{
    if (code == SQLITE_CONSTRAINT_UNIQUE ||
        code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID)
        return -EEXIST;
    static const struct {
        int code;
        int err;
    } known[] = {
        { SQLITE_OK, 0 },
        { SQLITE_CONSTRAINT, -EDOM },
        { SQLITE_BUSY, -EBUSY },
        { SQLITE_LOCKED, -EBUSY },
        { SQLITE_INTERRUPT, -ECANCELED },
        { SQLITE_ABORT, -ECANCELED },
        { SQLITE_NOMEM, -ENOMEM },
        { SQLITE_READONLY, -EROFS },
        { SQLITE_FULL, -ENOSPC },
        { SQLITE_IOERR, -EIO },
        { SQLITE_CANTOPEN, -ENOENT },
        { SQLITE_PERM, -EACCES },
        { SQLITE_AUTH, -EACCES },
        { SQLITE_CORRUPT, -EILSEQ },
        { SQLITE_NOTADB, -EILSEQ },
        { SQLITE_TOOBIG, -E2BIG },
    };
    for (size_t i = 0; i < ANT_ARRAY_LEN(known); i++) {
        if (known[i].code == (code & 0xff)) return known[i].err;
    }
    return -EINVAL;
}
