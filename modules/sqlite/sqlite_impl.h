// SPDX-License-Identifier: MIT
//
// What the parts of this module know of each other: the pool and its
// connections, the job of an operation, and the verbs.

#ifndef ANT_SQLITE_SQLITE_IMPL_H
#define ANT_SQLITE_SQLITE_IMPL_H

#include <sqlite3.h>

#include "base/atomic.h"
#include "base/list.h"
#include "base/os.h"
#include "io/job.h"
#include "sqlite/pool.h"
#include "sync/thread_mutex.h"

// Statements that a connection keeps ready.
#define ANT__SQLITE_CACHE_MAX 16

typedef struct ant__sqlite_pool ant__sqlite_pool;
typedef struct ant__sqlite_job ant__sqlite_job;

typedef struct ant__sqlite_cached {
    char *sql;
    sqlite3_stmt *statement;
    uint64_t used; // the connection's count of statements, then
} ant__sqlite_cached;

typedef struct ant__sqlite_connection {
    ant__sqlite_pool *pool; // fixed
    // any thread, atomic: the jobs and the transaction that use it
    ant_atomic_u32 refs;
    // under the pool's lock
    ant_list free;
    // who uses it: one job at a time, or under `turn`
    sqlite3 *db; // NULL: not opened yet
    ant__sqlite_job *job;
    ant__sqlite_cached cache[ANT__SQLITE_CACHE_MAX];
    uint64_t used;
    // of a transaction
    ant_thread_mutex turn; // its jobs: one that was given up may still run
    bool is_in_tx;
    // who has lent it
    uint32_t task;         // that has the permits
    uint32_t permit_count; // 1, or all
} ant__sqlite_connection;

struct ant__sqlite_pool {
    // any thread, atomic: handles, operations, connections on loan
    ant_atomic_u32 refs;
    // fixed after init
    char *path;
    char name[48];
    bool is_memory;
    bool must_exist;
    bool is_read_only;
    uint32_t busy_ms;
    uint32_t connection_count;
    ant_semaphore permits; // one for each connection
    ant_os_mutex lock;
    // under lock
    ant_list free; // the one that was used last comes first
    ant__sqlite_connection connection[];
};

// What an operation is.
typedef struct ant__sqlite_verb {
    const char *name; // of the job, in the trace
    // On a thread of the pool, with an open connection: 0 or a count, -errno.
    int (*run)(ant__sqlite_job *job);
    // In the task, after success. May be NULL.
    void (*finish)(struct ant_sqlite_op *op);
    uint32_t row_max; // rows that are wanted
    bool needs_row;   // or it is -ENODATA
    bool ends_tx;     // whether it works out or not
    bool needs_all;   // connections
} ant__sqlite_verb;

struct ant__sqlite_job {
    ant_job job; // first
    // fixed when it begins
    const ant__sqlite_verb *verb;
    ant__sqlite_connection *connection; // has a reference
    bool is_in_tx;                      // for an operation of a transaction
    struct ant_sqlite_query query;      // its texts are in `texts`
    ant_arena texts;
    // any thread, atomic: nobody waits for it any more
    ant_atomic_u8 is_abandoned;
    // outcomes
    ant_sqlite_rows rows;
    size_t row_space; // in rows.cell
    size_t row_bytes;
    uint64_t rows_affected;
    int64_t last_insert_rowid;
    char error[ANT_SQLITE_ERROR_MAX];
};

// ---- connection.c: one connection, on a thread of the blocking pool ----

// Opens it unless it is open. 0 or -errno, with a text.
ANT_MUST_USE int ant__sqlite_open(ant__sqlite_connection *connection,
                                  char *ret_error);
void ant__sqlite_shut(ant__sqlite_connection *connection);
// Undoes an open transaction; a connection that cannot is closed.
void ant__sqlite_clean(ant__sqlite_connection *connection);

// A statement, of the cache if it is there. *ret_tail is what follows it in the
// text, NULL when nothing does. 0 or SQLite's code. *ret_statement is NULL for
// a text that is empty.
ANT_MUST_USE int ant__sqlite_prepare(ant__sqlite_connection *connection,
                                     const char *sql,
                                     sqlite3_stmt **ret_statement,
                                     const char **ret_tail);
// Gives it back: it is ready for the next one.
void ant__sqlite_prepared_end(ant__sqlite_connection *connection,
                              sqlite3_stmt *statement);

// The negative errno of one of SQLite's extended codes.
int ant__sqlite_errno(int code);

// ---- statement.c: what the verbs do ----

int ant__sqlite_run_query(ant__sqlite_job *job);

// ---- lease.c: connections come and go ----

// 0 or -ENOMEM. One reference, the caller's.
ANT_MUST_USE int ant__sqlite_pool_new(const ant_sqlite_desc *desc,
                                      ant__sqlite_pool **ret_pool);
void ant__sqlite_pool_ref(ant__sqlite_pool *pool);
void ant__sqlite_pool_unref(ant__sqlite_pool *pool);

// Lends a connection, of which one must be free, to the task that has so many
// permits; they come back with it.
ant__sqlite_connection *ant__sqlite_lend(ant__sqlite_pool *pool,
                                         uint32_t permit_count, uint32_t task);
void ant__sqlite_connection_ref(ant__sqlite_connection *connection);
// The last one gives it back.
void ant__sqlite_connection_unref(ant__sqlite_connection *connection);

#endif
