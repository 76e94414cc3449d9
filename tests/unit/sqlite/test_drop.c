// SPDX-License-Identifier: MIT
//
// Operations of a database, dropped at every point of their lives
// (support/trial.h): in the queue for the one connection, and while a thread
// works on them. What a statement did is there or is not, whole; and whoever
// comes next has the connection, clean.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "antfarm.h"
#include "sqlite/pool.h"
#include "support/files.h"
#include "support/flavors.h"
#include "support/trial.h"

#define INSERT "INSERT INTO t VALUES (1), (2)"

static char path[64];
static ant_sqlite_pool pools[2];
static ant_sqlite_tx txs[2];
static ant_sqlite_rows rows[2];
static struct ant_sqlite_op ops[2];

static int set_up(void)
{
    (void)snprintf(path, sizeof path, "/tmp/antfarm-drop-%d", (int)getpid());
    (void)unlink(path);
    return 0;
}

// async fn opening(sql): a database with a table, and a transaction that begins
// so, if `sql` is not NULL, and inserts, if it is to.
struct opening {
    ant_future base;
    enum {
        OPENING_START,
        OPENING_CONNECTING,
        OPENING_CREATING,
        OPENING_BEGINNING,
        OPENING_INSERTING,
    } state;
    const char *sql;
    bool inserts;
    struct ant_sqlite_op op;
};

ANT_ASYNC(opening)
{
    const ant_sqlite_desc desc = { .path = path, .connection_max = 1 };
    switch (self->state) {
    case OPENING_START:
        self->op = ant_sqlite_pool_connect_with(&desc, &pools[0]);
        return ANT_NEXT(OPENING_CONNECTING);

    case OPENING_CONNECTING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        self->op = ant_sqlite_execute(&pools[0],
                                      ant_sqlite_query("CREATE TABLE t (x)"));
        return ANT_NEXT(OPENING_CREATING);

    case OPENING_CREATING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        if (self->sql == NULL) return ANT_READY;
        self->op = ant_sqlite_begin_with(&pools[0], self->sql, &txs[0]);
        return ANT_NEXT(OPENING_BEGINNING);

    case OPENING_BEGINNING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        if (!self->inserts) return ANT_READY;
        self->op = ant_sqlite_execute(&txs[0], ant_sqlite_query(INSERT));
        return ANT_NEXT(OPENING_INSERTING);

    case OPENING_INSERTING:
        ANT_AWAIT(self->op);
        self->base.result = self->op.base.result;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct opening opening;

static ant_future *open_free(void)
{
    opening = ANT_FUTURE(opening, .sql = NULL);
    return &opening.base;
}

// The one connection is lent, with nothing to be undone: so it comes back, and
// wakes who waits for it, where it is dropped.
static ant_future *open_held(void)
{
    opening = ANT_FUTURE(opening, .sql = "SELECT 1");
    return &opening.base;
}

static int supply_connection(void)
{
    ant_sqlite_tx_drop(&txs[0]);
    return 0;
}

static ant_future *open_in_tx(void)
{
    opening = ANT_FUTURE(opening, .sql = "BEGIN", .inserts = true);
    return &opening.base;
}

static void tear_down(void)
{
    for (int i = 0; i < 2; i++) {
        ant_sqlite_rows_free(&rows[i]);
        ant_sqlite_tx_drop(&txs[i]);
        ant_sqlite_pool_drop(&pools[i]);
    }
}

// ---- The pool ----

static ant_future *start_connect(unsigned i)
{
    ops[i] = ant_sqlite_pool_connect(path, &pools[i]);
    return &ops[i].base;
}

static bool is_connected(void)
{
    return ops[1].base.result == 0 && pools[1].pool != NULL;
}

static ant_future *start_close(unsigned i)
{
    ops[i] = ant_sqlite_pool_close(&pools[0]);
    return &ops[i].base;
}

// The first one may have gone on without anybody.
static bool is_closed(void)
{
    return ops[1].base.result == 0 || ops[1].base.result == -EPIPE;
}

// ---- Statements: who follows counts what there is ----

static ant_future *start_to_count(void)
{
    ops[1] = ant_sqlite_fetch_one(
        &pools[0], ant_sqlite_query("SELECT count(*) AS n FROM t"), &rows[1]);
    return &ops[1].base;
}

static bool is_none(void)
{
    return ops[1].base.result == 1 && ant_sqlite_integer(&rows[1], 0, "n") == 0;
}

static bool is_all_or_none(void)
{
    return is_none() || (ops[1].base.result == 1 &&
                         ant_sqlite_integer(&rows[1], 0, "n") == 2);
}

static ant_future *start_execute(unsigned i)
{
    if (i == 1) return start_to_count();
    ops[0] = ant_sqlite_execute(&pools[0], ant_sqlite_query(INSERT));
    return &ops[0].base;
}

#define START_FETCH(word)                                                      \
    static ant_future *start_##word(unsigned i)                                \
    {                                                                          \
        if (i == 1) return start_to_count();                                   \
        ops[0] = ant_sqlite_##word(                                            \
            &pools[0], ant_sqlite_query(INSERT " RETURNING x"), &rows[0]);     \
        return &ops[0].base;                                                   \
    }

START_FETCH(fetch_all)
START_FETCH(fetch_one)
START_FETCH(fetch_optional)

// ---- Transactions ----

// The second one can begin only when the first one has ended.
static ant_future *start_begin(unsigned i)
{
    if (i == 1) ant_sqlite_tx_drop(&txs[0]);
    ops[i] = ant_sqlite_begin(&pools[0], &txs[i]);
    return &ops[i].base;
}

static bool is_begun(void)
{
    return ops[1].base.result == 0 && txs[1].connection != NULL;
}

// Of a transaction that was neither, the program gives up the handle.
static ant_future *start_commit(unsigned i)
{
    if (i == 0) {
        ops[0] = ant_sqlite_commit(&txs[0]);
        return &ops[0].base;
    }
    ant_sqlite_tx_drop(&txs[0]);
    return start_to_count();
}

static ant_future *start_rollback(unsigned i)
{
    if (i == 1) return start_commit(1);
    ops[0] = ant_sqlite_rollback(&txs[0]);
    return &ops[0].base;
}

// They wait for the connection, and nothing of them is done.
static const operation queued[] = {
    { "execute", set_up, start_execute, supply_connection, is_none,
      .tear_down = tear_down, .prepare = open_held },
    { "fetch all", set_up, start_fetch_all, supply_connection, is_none,
      .tear_down = tear_down, .prepare = open_held },
    { "close", set_up, start_close, supply_connection, is_closed,
      .tear_down = tear_down, .prepare = open_held },
};

// A thread works on them.
static const operation begun[] = {
    { "connect", set_up, start_connect, NULL, is_connected,
      .tear_down = tear_down, .may_end = true },
    { "execute", set_up, start_execute, NULL, is_all_or_none,
      .tear_down = tear_down, .prepare = open_free, .may_end = true },
    { "fetch all", set_up, start_fetch_all, NULL, is_all_or_none,
      .tear_down = tear_down, .prepare = open_free, .may_end = true },
    { "fetch one", set_up, start_fetch_one, NULL, is_all_or_none,
      .tear_down = tear_down, .prepare = open_free, .may_end = true },
    { "fetch optional", set_up, start_fetch_optional, NULL, is_all_or_none,
      .tear_down = tear_down, .prepare = open_free, .may_end = true },
    { "begin", set_up, start_begin, NULL, is_begun, .tear_down = tear_down,
      .prepare = open_free, .may_end = true },
    { "commit", set_up, start_commit, NULL, is_all_or_none,
      .tear_down = tear_down, .prepare = open_in_tx, .may_end = true },
    { "rollback", set_up, start_rollback, NULL, is_none, .tear_down = tear_down,
      .prepare = open_in_tx, .may_end = true },
    { "close", set_up, start_close, NULL, is_closed, .tear_down = tear_down,
      .prepare = open_free, .may_end = true },
};

static void what_waits_for_a_connection_is_dropped_at_any_point(void **state)
{
    trial_run(state, queued, ANT_ARRAY_LEN(queued));
    (void)unlink(path);
}

static void what_a_thread_works_on_is_dropped_at_any_point(void **state)
{
    trial_run(state, begun, ANT_ARRAY_LEN(begun));
    (void)unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(what_waits_for_a_connection_is_dropped_at_any_point),
        EVERY_FLAVOR(what_a_thread_works_on_is_dropped_at_any_point),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
