// SPDX-License-Identifier: MIT

#include "sqlite/pool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "sqlite/sqlite_impl.h"

static int begin(struct ant_sqlite_op *op);
static int begin_job(struct ant_sqlite_op *op);
static int copy_query(ant__sqlite_job *job,
                      const struct ant_sqlite_query *query);
static int run(ant_job *base);
static int run_alone(ant__sqlite_job *job);
static int run_open(ant__sqlite_job *job);
static void deinit(ant_job *base);
static ant_poll end(struct ant_sqlite_op *op, int result);
static void op_drop(ant_future *future);
static struct ant_sqlite_op make(const ant__sqlite_verb *verb,
                                 ant__sqlite_on on, uint32_t line);

// ---- The future of all operations ----

ANT_ASYNC_OPS(ant_sqlite_op, .drop = op_drop)
{
    int err;
    switch (self->state) {
    case SQLITE_OP_START:
        err = begin(self);
        if (err < 0) return end(self, err);
        if (self->connection == NULL) return ANT_NEXT(SQLITE_OP_ACQUIRING);
        err = begin_job(self);
        if (err < 0) return end(self, err);
        return ANT_NEXT(SQLITE_OP_WORKING);

    case SQLITE_OP_ACQUIRING:
        ANT_AWAIT(self->turn);
        if (self->turn.base.result < 0)
            return end(self, self->turn.base.result);
        self->connection =
            ant__sqlite_lend(self->pool, self->turn.claim.amount, cx->task);
        err = begin_job(self);
        ant__sqlite_connection_unref(self->connection); // the job has one
        if (err < 0) return end(self, err);
        return ANT_NEXT(SQLITE_OP_WORKING);

    case SQLITE_OP_WORKING:
        ANT_AWAIT(self->handle);
        return end(self, self->handle.base.result);
    }
    ANT_UNREACHABLE();
}

// The pool stays while an operation is under way; so does a transaction's
// connection, by its job.
static int begin(struct ant_sqlite_op *op)
{
    if (op->connection != NULL) return 0;
    if (op->desc.path != NULL) {
        const int err = ant__sqlite_pool_new(&op->desc, &op->pool);
        if (err < 0) return err;
    } else {
        ant__sqlite_pool_ref(op->pool);
    }
    const uint32_t count = op->verb->needs_all ? op->pool->connection_count : 1;
    op->turn = ant__semaphore_acquire(&op->pool->permits, count, op->line);
    return 0;
}

static int begin_job(struct ant_sqlite_op *op)
{
    ant__sqlite_job *job = ant__job_new(sizeof *job);
    if (job == NULL) return -ENOMEM;
    job->job.deinit = deinit;
    job->verb = op->verb;
    job->connection = op->connection;
    job->is_in_tx = op->pool == NULL;
    ant__sqlite_connection_ref(op->connection);
    op->job = job;
    const int err = copy_query(job, &op->query);
    if (err < 0) return err;
    op->handle = ant__job_start(&job->job, run, op->verb->name);
    return 0;
}

// Nothing of the program's is used any more once the job is there.
static int copy_query(ant__sqlite_job *job,
                      const struct ant_sqlite_query *query)
{
    job->query = *query;
    if (query->sql == NULL) return 0;
    job->query.sql =
        ant_arena_text(&job->texts, query->sql, strlen(query->sql));
    if (job->query.sql == NULL) return -ENOMEM;
    for (uint32_t i = 0; i < query->count; i++) {
        ant_sqlite_value *value = &job->query.args[i];
        const bool has_bytes =
            value->type == ANT_SQLITE_TEXT || value->type == ANT_SQLITE_BLOB;
        if (!has_bytes) continue;
        value->bytes = ant_arena_text(&job->texts, value->bytes, value->len);
        if (value->bytes == NULL) return -ENOMEM;
    }
    return 0;
}

static ant_poll end(struct ant_sqlite_op *op, int result)
{
    if (op->job != NULL) {
        op->rows_affected = op->job->rows_affected;
        op->last_insert_rowid = op->job->last_insert_rowid;
        memcpy(op->error, op->job->error, sizeof op->error);
    }
    if (result >= 0 && op->verb->finish != NULL) op->verb->finish(op);
    if (op->verb->ends_tx) ant_sqlite_tx_drop(op->to);
    if (result < 0 && op->error[0] == '\0')
        (void)snprintf(op->error, sizeof op->error, "%s", ant_err_text(result));
    op_drop(&op->base);
    op->base.result = result;
    return ANT_READY;
}

static void op_drop(ant_future *future)
{
    struct ant_sqlite_op *self = (struct ant_sqlite_op *)(void *)future;
    ant_future_drop(&self->turn.base);
    if (self->job != NULL) {
        // relaxed: an offer to stop early.
        ant_atomic_store(&self->job->is_abandoned, 1, ANT_RELAXED);
        ant__job_leave(&self->job->job, &self->handle);
        self->job = NULL;
    }
    if (self->pool != NULL) ant__sqlite_pool_unref(self->pool);
    self->pool = NULL;
}

// ---- The job ----

static int run(ant_job *base)
{
    ant__sqlite_job *job = (ant__sqlite_job *)(void *)base;
    if (!job->is_in_tx) return run_alone(job);
    ant_thread_mutex *turn = &job->connection->turn;
    int err = ant_thread_mutex_lock(turn);
    ANT_ASSERT(err == 0); // a job does nothing twice at once
    const int result = run_alone(job);
    err = ant_thread_mutex_unlock(turn);
    ANT_ASSERT(err == 0);
    return result;
}

static int run_alone(ant__sqlite_job *job)
{
    ant__sqlite_connection *connection = job->connection;
    connection->job = job;
    // relaxed: an offer not to begin.
    const int result = ant_atomic_load(&job->is_abandoned, ANT_RELAXED)
                           ? -ECANCELED
                           : run_open(job);
    connection->job = NULL;
    if (!connection->is_in_tx || job->verb->ends_tx)
        ant__sqlite_clean(connection);
    return result;
}

static int run_open(ant__sqlite_job *job)
{
    ant__sqlite_connection *connection = job->connection;
    const int err = ant__sqlite_open(connection, job->error);
    if (err < 0) return err;
    // SQLite gives a whole transaction up when a statement in it is stopped, or
    // the disk is full. What follows must not be done without it.
    if (job->is_in_tx && sqlite3_get_autocommit(connection->db)) {
        (void)snprintf(job->error, sizeof job->error,
                       "the transaction was rolled back before");
        return -ECANCELED;
    }
    return job->verb->run(job);
}

static void deinit(ant_job *base)
{
    ant__sqlite_job *job = (ant__sqlite_job *)(void *)base;
    ant_sqlite_rows_free(&job->rows);
    ant_arena_deinit(&job->texts);
    ant__sqlite_connection_unref(job->connection);
}

// ---- Connecting and closing ----

static int run_nothing(ant__sqlite_job *job)
{
    (void)job;
    return 0;
}

static void finish_connect(struct ant_sqlite_op *op)
{
    ((ant_sqlite_pool *)op->to)->pool = op->pool;
    ant__sqlite_pool_ref(op->pool);
}

struct ant_sqlite_op ant_sqlite_pool_connect(const char *path,
                                             ant_sqlite_pool *ret_pool)
{
    return ant_sqlite_pool_connect_with(&(ant_sqlite_desc){ .path = path },
                                        ret_pool);
}

struct ant_sqlite_op ant_sqlite_pool_connect_with(const ant_sqlite_desc *desc,
                                                  ant_sqlite_pool *ret_pool)
{
    // To open it is done before every verb.
    static const ant__sqlite_verb verb = { .name = "open database",
                                           .run = run_nothing,
                                           .finish = finish_connect };
    struct ant_sqlite_op op = make(&verb, (ant__sqlite_on){ 0 }, 0);
    op.desc = *desc;
    op.to = ret_pool;
    return op;
}

ant_sqlite_pool ant_sqlite_pool_clone(const ant_sqlite_pool *pool)
{
    ant__sqlite_pool_ref(pool->pool);
    return *pool;
}

void ant_sqlite_pool_drop(ant_sqlite_pool *pool)
{
    ant__sqlite_pool *old = pool->pool;
    pool->pool = NULL;
    if (old != NULL) ant__sqlite_pool_unref(old);
}

// With every permit there is nobody else who could use a connection.
static int run_close(ant__sqlite_job *job)
{
    ant__sqlite_pool *pool = job->connection->pool;
    for (uint32_t i = 0; i < pool->connection_count; i++)
        ant__sqlite_shut(&pool->connection[i]);
    ant_semaphore_close(&pool->permits);
    return 0;
}

struct ant_sqlite_op ant__sqlite_close(const ant_sqlite_pool *pool,
                                       uint32_t line)
{
    static const ant__sqlite_verb verb = { .name = "close database",
                                           .run = run_close,
                                           .needs_all = true };
    return make(&verb, ant__sqlite_on_pool(pool), line);
}

uint32_t ant_sqlite_pool_idle(const ant_sqlite_pool *pool)
{
    return ant_semaphore_available_permits(&pool->pool->permits);
}

// ---- Queries ----

struct ant_sqlite_op ant__sqlite_execute(ant__sqlite_on on,
                                         struct ant_sqlite_query query,
                                         uint32_t line)
{
    static const ant__sqlite_verb verb = { .name = "execute",
                                           .run = ant__sqlite_run_query };
    struct ant_sqlite_op op = make(&verb, on, line);
    op.query = query;
    return op;
}

static void finish_fetch(struct ant_sqlite_op *op)
{
    *(ant_sqlite_rows *)op->to = op->job->rows;
    op->job->rows = (ant_sqlite_rows){ 0 };
}

static struct ant_sqlite_op fetch(const ant__sqlite_verb *verb,
                                  ant__sqlite_on on,
                                  const struct ant_sqlite_query *query,
                                  ant_sqlite_rows *ret_rows, uint32_t line)
{
    struct ant_sqlite_op op = make(verb, on, line);
    op.query = *query;
    op.to = ret_rows;
    return op;
}

struct ant_sqlite_op ant__sqlite_fetch_all(ant__sqlite_on on,
                                           struct ant_sqlite_query query,
                                           ant_sqlite_rows *ret_rows,
                                           uint32_t line)
{
    static const ant__sqlite_verb verb = { .name = "fetch all",
                                           .run = ant__sqlite_run_query,
                                           .finish = finish_fetch,
                                           .row_max = INT32_MAX };
    return fetch(&verb, on, &query, ret_rows, line);
}

struct ant_sqlite_op ant__sqlite_fetch_one(ant__sqlite_on on,
                                           struct ant_sqlite_query query,
                                           ant_sqlite_rows *ret_rows,
                                           uint32_t line)
{
    static const ant__sqlite_verb verb = { .name = "fetch one",
                                           .run = ant__sqlite_run_query,
                                           .finish = finish_fetch,
                                           .row_max = 1,
                                           .needs_row = true };
    return fetch(&verb, on, &query, ret_rows, line);
}

struct ant_sqlite_op ant__sqlite_fetch_optional(ant__sqlite_on on,
                                                struct ant_sqlite_query query,
                                                ant_sqlite_rows *ret_rows,
                                                uint32_t line)
{
    static const ant__sqlite_verb verb = { .name = "fetch optional",
                                           .run = ant__sqlite_run_query,
                                           .finish = finish_fetch,
                                           .row_max = 1 };
    return fetch(&verb, on, &query, ret_rows, line);
}

// ---- Transactions ----

static int run_begin(ant__sqlite_job *job)
{
    const int result = ant__sqlite_run_query(job);
    job->connection->is_in_tx = result >= 0;
    return result;
}

static void finish_begin(struct ant_sqlite_op *op)
{
    ((ant_sqlite_tx *)op->to)->connection = op->connection;
    ant__sqlite_connection_ref(op->connection);
}

struct ant_sqlite_op ant__sqlite_begin(const ant_sqlite_pool *pool,
                                       const char *sql, ant_sqlite_tx *ret_tx,
                                       uint32_t line)
{
    static const ant__sqlite_verb verb = { .name = "begin",
                                           .run = run_begin,
                                           .finish = finish_begin };
    struct ant_sqlite_op op = make(&verb, ant__sqlite_on_pool(pool), line);
    op.query = ant_sqlite_query(sql);
    op.to = ret_tx;
    return op;
}

// The handle is over when the operation is.
static struct ant_sqlite_op end_tx(const ant__sqlite_verb *verb,
                                   ant_sqlite_tx *tx, const char *sql,
                                   uint32_t line)
{
    struct ant_sqlite_op op = make(verb, ant__sqlite_on_tx(tx), line);
    op.query = ant_sqlite_query(sql);
    op.to = tx;
    return op;
}

struct ant_sqlite_op ant__sqlite_commit(ant_sqlite_tx *tx, uint32_t line)
{
    static const ant__sqlite_verb verb = { .name = "commit",
                                           .run = ant__sqlite_run_query,
                                           .ends_tx = true };
    return end_tx(&verb, tx, "COMMIT", line);
}

struct ant_sqlite_op ant__sqlite_rollback(ant_sqlite_tx *tx, uint32_t line)
{
    static const ant__sqlite_verb verb = { .name = "rollback",
                                           .run = ant__sqlite_run_query,
                                           .ends_tx = true };
    return end_tx(&verb, tx, "ROLLBACK", line);
}

void ant_sqlite_tx_drop(ant_sqlite_tx *tx)
{
    ant__sqlite_connection *connection = tx->connection;
    tx->connection = NULL;
    if (connection != NULL) ant__sqlite_connection_unref(connection);
}

// ---- Small things ----

const char *ant_sqlite_error(const struct ant_sqlite_op *op)
{
    return op->error;
}

ant__sqlite_on ant__sqlite_on_pool(const ant_sqlite_pool *pool)
{
    ANT_ASSERT(pool->pool != NULL); // it was dropped before
    return (ant__sqlite_on){ .pool = pool->pool };
}

ant__sqlite_on ant__sqlite_on_tx(const ant_sqlite_tx *tx)
{
    ANT_ASSERT(tx->connection != NULL); // it is over
    return (ant__sqlite_on){ .connection = tx->connection };
}

static struct ant_sqlite_op make(const ant__sqlite_verb *verb,
                                 ant__sqlite_on on, uint32_t line)
{
    return (struct ant_sqlite_op){ ANT_INIT(ant_sqlite_op), .verb = verb,
                                   .pool = on.pool, .connection = on.connection,
                                   .line = line };
}
