// SPDX-License-Identifier: MIT
//
// A pool of connections to one SQLite database. SQLite blocks its caller, so
// each operation is a job of the blocking pool, with a connection of its own;
// tasks wait without a thread. When all connections are busy, whoever asked
// first gets the next one. sqlx: SqlitePool, Transaction.
//
//   case SIGNUP_CONNECTING:
//       ANT_AWAIT(self->op);
//       if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
//       insert = ant_sqlite_query("INSERT INTO users (name) VALUES (?)");
//       ant_sqlite_bind(&insert, self->name);
//       self->op = ant_sqlite_execute(&self->pool, insert);
//       return ANT_NEXT(SIGNUP_INSERTING);
//
// All operations are one kind of future. A handle of a pool belongs to one
// task; another one gets a clone. A transaction belongs to one task and does
// one thing at a time; operations take it in the place of the pool:
//
//   self->op = ant_sqlite_begin(&self->pool, &self->tx);
//   …
//   self->op = ant_sqlite_execute(&self->tx, insert);
//   …
//   self->op = ant_sqlite_commit(&self->tx);
//
// What is dropped: an operation is stopped in the middle, and what its
// statement did is undone; one that was queued is not done at all. A
// transaction is rolled back, on the blocking pool. In each case the connection
// returns clean. A statement that ended just before stays done: whoever must
// know asks in a transaction.
//
// A connection waits for another's lock (busy_ms), writes ahead (WAL: readers
// and one writer do not disturb each other) and minds foreign keys. A
// transaction takes the write lock when it begins, not half way through, where
// it could only fail.
//
// The hard thing: a job may be running with a connection that its task has
// already given up. So a connection on loan is counted (the jobs, the
// transaction), and the last one gives it back, after a rollback if one is due.
//
//   function                      sqlx                   cancel  alloc  threads
//   ant_sqlite_pool_connect       SqlitePool::connect    yes     yes    inside
//   ant_sqlite_pool_connect_with  connect_with           yes     yes    inside
//   ant_sqlite_pool_clone         Pool::clone            -       no     any
//   ant_sqlite_pool_drop          drop(pool)             -       no     any
//   ant_sqlite_pool_close         Pool::close            yes     yes    inside
//   ant_sqlite_pool_idle          Pool::num_idle         -       no     any
//   ant_sqlite_execute            execute                undone  yes    inside
//   ant_sqlite_fetch_all          fetch_all              undone  yes    inside
//   ant_sqlite_fetch_one          fetch_one              undone  yes    inside
//   ant_sqlite_fetch_optional     fetch_optional         undone  yes    inside
//   ant_sqlite_begin              begin                  undone  yes    inside
//   ant_sqlite_begin_with         begin_with             undone  yes    inside
//   ant_sqlite_commit             Transaction::commit    no      yes    inside
//   ant_sqlite_rollback           Transaction::rollback  done    yes    inside
//   ant_sqlite_tx_drop            drop(tx)               -       no     any
//   ant_sqlite_error              Error::to_string       -       no     owner
//
// Inside is a thread that runs a runtime's tasks. All futures allocate at their
// first poll; a drop that has to roll back tries to, and does without.

#ifndef ANT_SQLITE_POOL_H
#define ANT_SQLITE_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/task.h"
#include "sqlite/query.h"
#include "sync/semaphore.h"

// {0} is closed.
typedef struct ant_sqlite_pool {
    struct ant__sqlite_pool *pool;
} ant_sqlite_pool;

// {0} is over.
typedef struct ant_sqlite_tx {
    struct ant__sqlite_connection *connection;
} ant_sqlite_tx;

// Zero means the default.
typedef struct ant_sqlite_desc {
    const char *path;        // ":memory:" is one that nobody else sees
    const char *name;        // in traces and reports; the path's last part
    uint32_t connection_max; // 4; of ":memory:" always 1
    uint32_t busy_ms;        // to wait for a lock, 5000
    bool must_exist;         // no file is made: -ENOENT
    bool is_read_only;       // nothing is written: -EROFS
} ant_sqlite_desc;

#define ANT_SQLITE_ERROR_MAX 200

// An operation. Its result is that of the function that made it.
struct ant_sqlite_op {
    ant_future base;
    enum {
        SQLITE_OP_START,
        SQLITE_OP_ACQUIRING, // a connection
        SQLITE_OP_WORKING,   // the job
    } state;
    // outputs
    uint64_t rows_affected;
    int64_t last_insert_rowid;
    char error[ANT_SQLITE_ERROR_MAX];
    // fixed
    const struct ant__sqlite_verb *verb;
    struct ant_sqlite_query query;
    void *to; // where its outcome goes
    uint32_t line;
    // its own
    ant_sqlite_desc desc; // of connect
    struct ant__sqlite_pool *pool;
    struct ant__sqlite_connection *connection;
    struct ant_semaphore_acquire turn;
    struct ant__sqlite_job *job;
    struct ant_join_handle handle;
};

// Opens a database, and makes the file if there is none. The texts stay where
// they are until the first poll, `ret_pool` until the end. Result: 0, -ENOENT,
// -EACCES, -EROFS, -EILSEQ (the file is no database), -ENOMEM.
ANT_MUST_USE struct ant_sqlite_op
ant_sqlite_pool_connect(const char *path, ant_sqlite_pool *ret_pool);
ANT_MUST_USE struct ant_sqlite_op
ant_sqlite_pool_connect_with(const ant_sqlite_desc *desc,
                             ant_sqlite_pool *ret_pool);

// Another handle of the same pool.
ant_sqlite_pool ant_sqlite_pool_clone(const ant_sqlite_pool *pool);

// Gives the handle up. With the last one, and the last operation, the
// connections are closed. Twice does nothing.
void ant_sqlite_pool_drop(ant_sqlite_pool *pool);

// Waits for its turn behind all who wait, then for all connections to come
// back, and closes them: from then on everybody gets -EPIPE. The handle stays,
// to be dropped.
#define ant_sqlite_pool_close(pool) ant__sqlite_close((pool), __LINE__)

// Does what the query says. `on` is a pool or a transaction. Result: how many
// rows it changed (rows_affected is the same, unbounded) or -errno:
//   -EINVAL  it is wrong: ant_sqlite_error says what, and where in the text
//   -EEXIST  such a row is there already; -EDOM  another constraint
//   -EBUSY   somebody had the lock for too long; -EROFS, -ENOSPC, -EIO
//   -EPIPE   the pool was closed
#define ant_sqlite_execute(on, query)                                          \
    ant__sqlite_execute(ANT__SQLITE_ON(on), (query), __LINE__)

// The same, and puts the rows that come back into *ret_rows: all of them, the
// first, or the first if there is one. Result: how many; fetch_one is -ENODATA
// when there is none, fetch_all -EFBIG when they are more than 1 GiB.
#define ant_sqlite_fetch_all(on, query, ret_rows)                              \
    ant__sqlite_fetch_all(ANT__SQLITE_ON(on), (query), (ret_rows), __LINE__)
#define ant_sqlite_fetch_one(on, query, ret_rows)                              \
    ant__sqlite_fetch_one(ANT__SQLITE_ON(on), (query), (ret_rows), __LINE__)
#define ant_sqlite_fetch_optional(on, query, ret_rows)                         \
    ant__sqlite_fetch_optional(ANT__SQLITE_ON(on), (query), (ret_rows),        \
                               __LINE__)

// Begins a transaction, with the write lock; `sql` may be "BEGIN" for one that
// only reads. Result: 0 or as execute.
#define ant_sqlite_begin(pool, ret_tx)                                         \
    ant_sqlite_begin_with((pool), "BEGIN IMMEDIATE", (ret_tx))
#define ant_sqlite_begin_with(pool, sql, ret_tx)                               \
    ant__sqlite_begin((pool), (sql), (ret_tx), __LINE__)

// Ends it, for good or for nothing; after a commit that failed it is for
// nothing too. The handle is {0} then.
#define ant_sqlite_commit(tx)   ant__sqlite_commit((tx), __LINE__)
#define ant_sqlite_rollback(tx) ant__sqlite_rollback((tx), __LINE__)

// Rolls back unless it is over. Twice does nothing.
void ant_sqlite_tx_drop(ant_sqlite_tx *tx);

// What went wrong, in words: "no such column: nam, at byte 7: "nam FROM …"".
// "" when nothing did.
const char *ant_sqlite_error(const struct ant_sqlite_op *op);

// Connections that nobody uses now.
uint32_t ant_sqlite_pool_idle(const ant_sqlite_pool *pool);

// Where an operation is done: one of the two.
typedef struct ant__sqlite_on {
    struct ant__sqlite_pool *pool;
    struct ant__sqlite_connection *connection;
} ant__sqlite_on;

#define ANT__SQLITE_ON(on)                                                     \
    _Generic((on),                                                             \
        const ant_sqlite_pool *: ant__sqlite_on_pool,                          \
        ant_sqlite_pool *: ant__sqlite_on_pool,                                \
        ant_sqlite_tx *: ant__sqlite_on_tx)(on)

ant__sqlite_on ant__sqlite_on_pool(const ant_sqlite_pool *pool);
ant__sqlite_on ant__sqlite_on_tx(const ant_sqlite_tx *tx);
ANT_MUST_USE struct ant_sqlite_op ant__sqlite_close(const ant_sqlite_pool *pool,
                                                    uint32_t line);
ANT_MUST_USE struct ant_sqlite_op
ant__sqlite_execute(ant__sqlite_on on, struct ant_sqlite_query query,
                    uint32_t line);
ANT_MUST_USE struct ant_sqlite_op
ant__sqlite_fetch_all(ant__sqlite_on on, struct ant_sqlite_query query,
                      ant_sqlite_rows *ret_rows, uint32_t line);
ANT_MUST_USE struct ant_sqlite_op
ant__sqlite_fetch_one(ant__sqlite_on on, struct ant_sqlite_query query,
                      ant_sqlite_rows *ret_rows, uint32_t line);
ANT_MUST_USE struct ant_sqlite_op
ant__sqlite_fetch_optional(ant__sqlite_on on, struct ant_sqlite_query query,
                           ant_sqlite_rows *ret_rows, uint32_t line);
ANT_MUST_USE struct ant_sqlite_op ant__sqlite_begin(const ant_sqlite_pool *pool,
                                                    const char *sql,
                                                    ant_sqlite_tx *ret_tx,
                                                    uint32_t line);
ANT_MUST_USE struct ant_sqlite_op ant__sqlite_commit(ant_sqlite_tx *tx,
                                                     uint32_t line);
ANT_MUST_USE struct ant_sqlite_op ant__sqlite_rollback(ant_sqlite_tx *tx,
                                                       uint32_t line);

#endif
