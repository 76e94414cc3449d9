// SPDX-License-Identifier: MIT

#include "support/database.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "support/flavors.h"

struct dba {
    ant_future base;
    enum { DBA_START, DBA_CONNECTING, DBA_NEXT, DBA_WAITING } state;
    database *d;
    const database_step *steps;
    int count;
    int at;
    ant_sqlite_pool pool;
    ant_sqlite_tx tx;
    struct ant_sqlite_op op;
};

static void give_all_back(struct dba *self);

static struct ant_sqlite_op on_pool(struct dba *self, const database_step *step)
{
    const struct ant_sqlite_query query =
        step->sql != NULL ? ant_sqlite_query(step->sql) : *self->d->query;
    ant_sqlite_rows *rows = &self->d->rows;
    if (step->verb == DATABASE_EXECUTE || step->verb == DATABASE_GIVEN_UP)
        return ant_sqlite_execute(&self->pool, query);
    ant_sqlite_rows_free(rows);
    if (step->verb == DATABASE_ALL)
        return ant_sqlite_fetch_all(&self->pool, query, rows);
    if (step->verb == DATABASE_ONE)
        return ant_sqlite_fetch_one(&self->pool, query, rows);
    return ant_sqlite_fetch_optional(&self->pool, query, rows);
}

static struct ant_sqlite_op on_tx(struct dba *self, const database_step *step)
{
    if (step->verb == DATABASE_COMMIT) return ant_sqlite_commit(&self->tx);
    if (step->verb == DATABASE_ROLLBACK) return ant_sqlite_rollback(&self->tx);
    const struct ant_sqlite_query query = ant_sqlite_query(step->sql);
    if (step->verb == DATABASE_TX_EXECUTE)
        return ant_sqlite_execute(&self->tx, query);
    ant_sqlite_rows_free(&self->d->rows);
    return ant_sqlite_fetch_all(&self->tx, query, &self->d->rows);
}

static struct ant_sqlite_op begin(struct dba *self, const database_step *step)
{
    if (step->verb == DATABASE_CLOSE) return ant_sqlite_pool_close(&self->pool);
    if (step->verb == DATABASE_BEGIN)
        return ant_sqlite_begin_with(
            &self->pool, step->sql != NULL ? step->sql : "BEGIN IMMEDIATE",
            &self->tx);
    const bool is_in_tx =
        step->verb >= DATABASE_TX_EXECUTE && step->verb <= DATABASE_ROLLBACK;
    return is_in_tx ? on_tx(self, step) : on_pool(self, step);
}

static ant_poll judge(struct dba *self, int result)
{
    const database_step *step = &self->steps[self->at++];
    const char *error = ant_sqlite_error(&self->op);
    const bool is_said = step->error == NULL ||
                         strncmp(error, step->error, strlen(step->error)) == 0;
    if (result == step->result && is_said) return ANT_NEXT(DBA_NEXT);
    if (result != -ENOMEM)
        print_error("step %d is %d (%s), not %d: %s\n", self->at - 1, result,
                    ant_err_text(result), step->result, error);
    give_all_back(self);
    return ANT_FAIL(result == -ENOMEM ? -ENOMEM : -EPROTO);
}

ANT_ASYNC_WITH_DROP(dba)
{
    const database_step *step = &self->steps[self->at];
    switch (self->state) {
    case DBA_START:
        self->op = ant_sqlite_pool_connect_with(&self->d->desc, &self->pool);
        return ANT_NEXT(DBA_CONNECTING);

    case DBA_CONNECTING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        return ANT_NEXT(DBA_NEXT);

    case DBA_NEXT:
        if (self->at == self->count) {
            give_all_back(self);
            return ANT_READY;
        }
        if (step->verb == DATABASE_TX_DROP) {
            ant_sqlite_tx_drop(&self->tx);
            return judge(self, 0);
        }
        if (step->verb == DATABASE_IDLE)
            return judge(self, (int)ant_sqlite_pool_idle(&self->pool));
        self->op = begin(self, step);
        return ANT_NEXT(DBA_WAITING);

    case DBA_WAITING:
        if (step->verb == DATABASE_GIVEN_UP) {
            // The job may be faster than this: then it is done.
            if (ant_future_poll(&self->op.base, cx) == ANT_PENDING)
                ant_future_drop(&self->op.base);
            return judge(self, 0);
        }
        ANT_AWAIT(self->op);
        self->d->rows_affected = self->op.rows_affected;
        self->d->last_insert_rowid = self->op.last_insert_rowid;
        return judge(self, self->op.base.result);
    }
    ANT_UNREACHABLE();
}

static void dba_drop(struct dba *self)
{
    give_all_back(self);
}

static void give_all_back(struct dba *self)
{
    ant_future_drop(&self->op.base);
    ant_sqlite_tx_drop(&self->tx);
    ant_sqlite_pool_drop(&self->pool);
}

int database_run(ant_runtime *rt, const database_step *steps, int count,
                 database *d)
{
    const struct dba all = { ANT_INIT(dba), .d = d, .steps = steps,
                             .count = count };
    return ant_runtime_block_on(rt, all);
}

void database_expect(void **state, const database_step *steps, int count,
                     database *d)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    const int err = database_run(rt, steps, count, d);
    ant_runtime_free(rt);
    assert_int_equal(err, 0);
}

void database_free(database *d)
{
    ant_sqlite_rows_free(&d->rows);
}
