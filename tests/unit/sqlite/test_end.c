// SPDX-License-Identifier: MIT
//
// Databases when something ends early: an operation that is dropped, a pool
// that is closed or exhausted, a runtime that goes, memory that is used up. The
// connection returns clean, and nothing is half done.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/mem.h"
#include "sqlite/pool.h"
#include "support/database.h"
#include "support/files.h"
#include "support/flavors.h"

static char path[64];
static int fds_before;

static int set_up(void **state)
{
    fds_before = fd_count();
    (void)snprintf(path, sizeof path, "/tmp/antfarm-test-XXXXXX");
    const int fd = mkstemp(path);
    if (fd < 0) return -1;
    (void)close(fd);
    return flavor_set_up(state);
}

static int tear_down(void **state)
{
    (void)unlink(path); // unless the test did
    if (fd_count() != fds_before) print_error("descriptors are open\n");
    return fd_count() == fds_before ? flavor_tear_down(state) : -1;
}

#define END_TEST(test, flavor)                                                 \
    {                                                                          \
#test " (" #flavor ")", test, set_up, tear_down, &flavor_##flavor      \
    }
#define EVERY(test)                                                            \
    END_TEST(test, current), END_TEST(test, multi), END_TEST(test, sim)
#define EVERY_REAL(test) END_TEST(test, current), END_TEST(test, multi)

// ---- Dropped ----

// Counts for ever.
#define ENDLESS                                                                \
    "WITH RECURSIVE c (x) AS "                                                 \
    "(SELECT 1 UNION ALL SELECT x FROM c) "

#define ONE_CONNECTION .desc = { .path = path, .connection_max = 1 }

// Where there is one connection, the next step has to wait for it: it comes
// back although the query would never end.
static void a_query_that_is_dropped_stops(void **state)
{
    static const database_step steps[] = {
        { DATABASE_EXECUTE, "CREATE TABLE t (x)", 0, NULL },
        { DATABASE_GIVEN_UP, ENDLESS "SELECT count(*) FROM c", 0, NULL },
        { DATABASE_ALL, "SELECT * FROM t", 0, NULL },
        { DATABASE_GIVEN_UP, ENDLESS "INSERT INTO t SELECT x FROM c", 0, NULL },
        { DATABASE_ALL, "SELECT * FROM t", 0, NULL },
        { DATABASE_IDLE, NULL, 1, NULL },
    };
    database d = { ONE_CONNECTION };
    DATABASE_EXPECT(state, steps, &d);
    database_free(&d);
}

// In a simulation a job is over when it has begun.
static void a_query_that_is_dropped_is_done_or_not(void **state)
{
    static const database_step steps[] = {
        { DATABASE_EXECUTE, "CREATE TABLE t (x)", 0, NULL },
        { DATABASE_GIVEN_UP, "INSERT INTO t VALUES (1), (2)", 0, NULL },
        { DATABASE_ONE, "SELECT count(*) % 2 AS half FROM t", 1, NULL },
        { DATABASE_IDLE, NULL, 1, NULL },
    };
    database d = { ONE_CONNECTION };
    DATABASE_EXPECT(state, steps, &d);
    assert_int_equal(ant_sqlite_integer(&d.rows, 0, "half"), 0);
    database_free(&d);
}

// A transaction: drops an endless insert, then goes on at once.
struct brave {
    ant_future base;
    enum {
        BRAVE_START,
        BRAVE_CONNECTING,
        BRAVE_CREATING,
        BRAVE_BEGINNING,
        BRAVE_DROPPING,
        BRAVE_INSERTING,
        BRAVE_COUNTING,
    } state;
    bool ends_here; // without another try
    int64_t count;
    ant_sqlite_pool pool;
    ant_sqlite_tx tx;
    ant_sqlite_rows rows;
    struct ant_sqlite_op op;
    struct ant_sleep patience;
    struct ant_select first;
};

static void count_rows(struct brave *self)
{
    ant_sqlite_tx_drop(&self->tx);
    self->op = ant_sqlite_fetch_one(&self->pool,
                                    ant_sqlite_query("SELECT count(*) AS n "
                                                     "FROM t"),
                                    &self->rows);
}

ANT_ASYNC(brave)
{
    const ant_sqlite_desc desc = { .path = path, .connection_max = 1 };
    switch (self->state) {
    case BRAVE_START:
        self->op = ant_sqlite_pool_connect_with(&desc, &self->pool);
        return ANT_NEXT(BRAVE_CONNECTING);
    case BRAVE_CONNECTING:
        ANT_AWAIT(self->op);
        self->op = ant_sqlite_execute(&self->pool,
                                      ant_sqlite_query("CREATE TABLE t (x)"));
        return ANT_NEXT(BRAVE_CREATING);
    case BRAVE_CREATING:
        ANT_AWAIT(self->op);
        self->op = ant_sqlite_begin(&self->pool, &self->tx);
        return ANT_NEXT(BRAVE_BEGINNING);
    case BRAVE_BEGINNING:
        ANT_AWAIT(self->op);
        self->op = ant_sqlite_execute(
            &self->tx, ant_sqlite_query(ENDLESS "INSERT INTO t SELECT x "
                                                "FROM c"));
        self->patience = ant_sleep(10);
        self->first = ant_select(&self->op.base, &self->patience.base);
        return ANT_NEXT(BRAVE_DROPPING);
    case BRAVE_DROPPING:
        ANT_AWAIT(self->first);
        if (self->ends_here) {
            count_rows(self);
            return ANT_NEXT(BRAVE_COUNTING);
        }
        self->op = ant_sqlite_execute(
            &self->tx, ant_sqlite_query("INSERT INTO t VALUES (1)"));
        return ANT_NEXT(BRAVE_INSERTING);
    case BRAVE_INSERTING:
        ANT_AWAIT(self->op);
        if (self->op.base.result != -ECANCELED) return ANT_FAIL(-EPROTO);
        count_rows(self);
        return ANT_NEXT(BRAVE_COUNTING);
    case BRAVE_COUNTING:
        ANT_AWAIT(self->op);
        self->count = ant_sqlite_integer(&self->rows, 0, "n");
        ant_sqlite_rows_free(&self->rows);
        ant_sqlite_pool_drop(&self->pool);
        return self->count == 0 ? ANT_READY : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

static void what_a_transaction_drops_undoes_all_of_it(void **state)
{
    for (int i = 0; i < 2; i++) {
        ant_runtime *rt = flavor_runtime(state, NULL);
        assert_int_equal(
            ant_runtime_block_on(rt, ANT_FUTURE(brave, .ends_here = i == 1)),
            0);
        ant_runtime_free(rt); // the database is closed now
        assert_int_equal(unlink(path), 0);
    }
}

// ---- The last connection ----

static char order[8];

// Asks for the one connection, and says when it has it.
struct asker {
    ant_future base;
    enum { ASKER_START, ASKER_ASKING } state;
    char name;
    ant_sqlite_pool pool;
    struct ant_sqlite_op op;
};

ANT_ASYNC(asker)
{
    switch (self->state) {
    case ASKER_START:
        self->op = ant_sqlite_execute(&self->pool, ant_sqlite_query(""));
        return ANT_NEXT(ASKER_ASKING);
    case ASKER_ASKING:
        ANT_AWAIT(self->op);
        for (size_t i = 0; i < sizeof order; i++) {
            if (order[i] != '\0') continue;
            order[i] = self->op.base.result == 0 ? self->name : '!';
            break;
        }
        ant_sqlite_pool_drop(&self->pool);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

// Has the connection while A, B and C ask, and somebody closes the pool, and D
// comes too late.
struct landlord {
    ant_future base;
    enum {
        LANDLORD_START,
        LANDLORD_CONNECTING,
        LANDLORD_BEGINNING,
        LANDLORD_RESTING,
        LANDLORD_JOINING,
    } state;
    int next;
    ant_sqlite_pool pool;
    ant_sqlite_tx tx;
    struct ant_sqlite_op op;
    struct ant_sqlite_op closing;
    struct ant_yield_now rest;
    struct asker asker[4];
    struct ant_join all;
    ant_future *child[5];
};

ANT_ASYNC(landlord)
{
    const ant_sqlite_desc desc = { .path = path, .connection_max = 1 };
    switch (self->state) {
    case LANDLORD_START:
        self->op = ant_sqlite_pool_connect_with(&desc, &self->pool);
        return ANT_NEXT(LANDLORD_CONNECTING);
    case LANDLORD_CONNECTING:
        ANT_AWAIT(self->op);
        self->op = ant_sqlite_begin(&self->pool, &self->tx);
        return ANT_NEXT(LANDLORD_BEGINNING);
    case LANDLORD_BEGINNING:
        ANT_AWAIT(self->op);
        for (int i = 0; i < 4; i++)
            self->asker[i] = (struct asker){
                ANT_INIT(asker),
                .name = (char)('A' + i),
                .pool = ant_sqlite_pool_clone(&self->pool),
            };
        self->closing = ant_sqlite_pool_close(&self->pool);
        self->rest = ant_yield_now();
        return ANT_NEXT(LANDLORD_RESTING);
    case LANDLORD_RESTING: // they ask one after the other
        if (self->next == 3) {
            ant_poll polled = ant_future_poll(&self->closing.base, cx);
            assert_int_equal(polled, ANT_PENDING);
        }
        if (self->next < 4) {
            ant_poll polled =
                ant_future_poll(&self->asker[self->next++].base, cx);
            assert_int_equal(polled, ANT_PENDING);
            return ANT_NEXT(LANDLORD_RESTING);
        }
        ant_sqlite_tx_drop(&self->tx);
        for (int i = 0; i < 4; i++)
            self->child[i] = &self->asker[i].base;
        self->child[4] = &self->closing.base;
        self->all = ant_join_all(self->child, 5);
        return ANT_NEXT(LANDLORD_JOINING);
    case LANDLORD_JOINING:
        ANT_AWAIT(self->all);
        ant_sqlite_pool_drop(&self->pool);
        self->base.result = self->closing.base.result;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void who_asked_first_has_the_connection_first(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    for (size_t i = 0; i < sizeof order; i++)
        order[i] = '\0';
    const struct landlord one = { ANT_INIT(landlord) };
    assert_int_equal(ant_runtime_block_on(rt, one), 0);
    ant_runtime_free(rt);
    assert_string_equal(order, "ABC!"); // D came after the closing
}

static void a_closed_pool_refuses(void **state)
{
    static const database_step steps[] = {
        { DATABASE_EXECUTE, "CREATE TABLE t (x)", 0, NULL },
        { DATABASE_CLOSE, NULL, 0, NULL },
        { DATABASE_EXECUTE, "CREATE TABLE u (x)", -EPIPE, NULL },
        { DATABASE_CLOSE, NULL, -EPIPE, NULL },
    };
    database d = { .desc = { .path = path } };
    DATABASE_EXPECT(state, steps, &d);
}

// ---- The runtime ends ----

// A task that is in a transaction, with an endless query, when main ends.
struct stray {
    ant_future base;
    enum { STRAY_START, STRAY_BEGINNING, STRAY_WORKING } state;
    ant_sqlite_pool pool;
    ant_sqlite_tx tx;
    struct ant_sqlite_op op;
};

ANT_ASYNC_WITH_DROP(stray)
{
    switch (self->state) {
    case STRAY_START:
        self->op = ant_sqlite_begin(&self->pool, &self->tx);
        return ANT_NEXT(STRAY_BEGINNING);
    case STRAY_BEGINNING:
        ANT_AWAIT(self->op);
        self->op = ant_sqlite_execute(
            &self->tx, ant_sqlite_query("CREATE TABLE late (x);" ENDLESS
                                        "SELECT count(*) FROM c"));
        return ANT_NEXT(STRAY_WORKING);
    case STRAY_WORKING:
        ANT_AWAIT(self->op);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void stray_drop(struct stray *self)
{
    ant_future_drop(&self->op.base);
    ant_sqlite_tx_drop(&self->tx);
    ant_sqlite_pool_drop(&self->pool);
}

struct leaver {
    ant_future base;
    enum { LEAVER_START, LEAVER_CONNECTING, LEAVER_RESTING } state;
    ant_sqlite_pool pool;
    struct ant_sqlite_op op;
    struct ant_sleep nap;
    struct ant_join_handle stray;
};

ANT_ASYNC(leaver)
{
    switch (self->state) {
    case LEAVER_START:
        self->op = ant_sqlite_pool_connect(path, &self->pool);
        return ANT_NEXT(LEAVER_CONNECTING);
    case LEAVER_CONNECTING:
        ANT_AWAIT(self->op);
        self->stray = ant_spawn(ANT_FUTURE(stray, .pool = self->pool));
        self->nap = ant_sleep(20);
        return ANT_NEXT(LEAVER_RESTING);
    case LEAVER_RESTING:
        ANT_AWAIT(self->nap);
        ant_task_detach(&self->stray);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void a_runtime_that_ends_undoes_what_is_open(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    const struct leaver one = { ANT_INIT(leaver) };
    assert_int_equal(ant_runtime_block_on(rt, one), 0);
    ant_runtime_free(rt);
    static const database_step look[] = {
        { DATABASE_ALL, "SELECT name FROM sqlite_schema", 0, NULL },
    };
    database d = { .desc = { .path = path } };
    DATABASE_EXPECT(state, look, &d);
    database_free(&d);
}

// ---- Memory ----

static void each_allocation_may_fail(void **state)
{
    static const database_step steps[] = {
        { DATABASE_EXECUTE, "CREATE TABLE IF NOT EXISTS t (x, y)", 0, NULL },
        { DATABASE_BEGIN, NULL, 0, NULL },
        { DATABASE_TX_EXECUTE, "INSERT INTO t VALUES (1, 2)", 1, NULL },
        { DATABASE_TX_ALL, "SELECT * FROM t", 1, NULL },
        { DATABASE_TX_DROP, NULL, 0, NULL },
        { DATABASE_ALL, "SELECT * FROM t", 0, NULL },
        { DATABASE_CLOSE, NULL, 0, NULL },
    };
    const uint64_t before = ant_mem_alloc_count();
    unsigned count = 0;
    // The first time nothing fails, and what there is is counted. Some can be
    // done without: a statement that is not kept is made again.
    for (unsigned nth = 0; nth <= count; nth++) {
        database d = { .desc = { .path = path } };
        const uint64_t blocks = ant_mem_live_count();
        ant_runtime *rt = flavor_runtime(state, NULL);
        ant_mem_fail_nth(nth, nth % 2 == 0);
        const int err = database_run(rt, steps, (int)ANT_ARRAY_LEN(steps), &d);
        ant_mem_fail_nth(0, 0);
        ant_runtime_free(rt); // when the last chore is done
        database_free(&d);
        if (err != 0 && (err != -ENOMEM || nth == 0))
            fail_msg("allocation %u: the result is %d", nth, err);
        if (ant_mem_live_count() != blocks)
            fail_msg("allocation %u: blocks are lost", nth);
        if (nth == 0) count = (unsigned)(ant_mem_alloc_count() - before);
    }
    print_message("%u allocations\n", count);
    assert_true(count > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_REAL(a_query_that_is_dropped_stops),
        EVERY(a_query_that_is_dropped_is_done_or_not),
        EVERY_REAL(what_a_transaction_drops_undoes_all_of_it),
        EVERY(who_asked_first_has_the_connection_first),
        EVERY(a_closed_pool_refuses),
        EVERY_REAL(a_runtime_that_ends_undoes_what_is_open),
        EVERY(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
