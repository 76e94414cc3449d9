// SPDX-License-Identifier: MIT
//
// Databases, in every flavour: what was put in comes out, what is wrong is said
// in words, and no connection, file or block is lost.

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
#include "sqlite/pool.h"
#include "support/database.h"
#include "support/files.h"
#include "support/flavors.h"

static char folder[64];
static char path[128];
static int fds_before;

static int set_up(void **state)
{
    fds_before = fd_count();
    (void)snprintf(folder, sizeof folder, "/tmp/antfarm-test-XXXXXX");
    if (mkdtemp(folder) == NULL) return -1;
    (void)snprintf(path, sizeof path, "%s/a.db", folder);
    return flavor_set_up(state);
}

static int tear_down(void **state)
{
    (void)unlink(path);
    const int err = rmdir(folder); // the journals are gone too
    if (err != 0) print_error("%s is not empty\n", folder);
    if (fd_count() != fds_before) print_error("descriptors are open\n");
    return err == 0 && fd_count() == fds_before ? flavor_tear_down(state) : -1;
}

// ---- Rows ----

static void what_was_bound_comes_back(void **state)
{
    struct ant_sqlite_query query =
        ant_sqlite_query("SELECT ? AS i, ? AS r, ? AS t, ? AS b, ? AS n, "
                         "? AS none, 7.5 AS h");
    ant_sqlite_bind(&query, INT64_MIN);
    ant_sqlite_bind(&query, 0.1);
    ant_sqlite_bind(&query, "O'Neill; DROP TABLE users");
    ant_sqlite_bind_blob(&query, "a\0b", 3);
    ant_sqlite_bind_null(&query);
    ant_sqlite_bind(&query, (const char *)NULL);
    static const database_step steps[] = { { DATABASE_ONE, NULL, 1, NULL } };
    database d = { .desc = { .path = ":memory:" }, .query = &query };
    DATABASE_EXPECT(state, steps, &d);

    size_t len;
    const ant_sqlite_rows *rows = &d.rows;
    assert_int_equal(rows->count, 1);
    assert_true(ant_sqlite_integer(rows, 0, "i") == INT64_MIN);
    assert_string_equal(ant_sqlite_text(rows, 0, "i"), "-9223372036854775808");
    assert_true(ant_sqlite_real(rows, 0, "r") == 0.1);
    assert_string_equal(ant_sqlite_text(rows, 0, "t"),
                        "O'Neill; DROP TABLE users");
    assert_memory_equal(ant_sqlite_blob(rows, 0, "b", &len), "a\0b", 3);
    assert_int_equal(len, 3);
    assert_true(ant_sqlite_is_null(rows, 0, "n"));
    assert_true(ant_sqlite_is_null(rows, 0, "none"));
    assert_string_equal(ant_sqlite_text(rows, 0, "n"), "");
    assert_int_equal(ant_sqlite_integer(rows, 0, "h"), 7);
    database_free(&d);
}

static void a_fetch_takes_what_its_name_says(void **state)
{
    static const database_step steps[] = {
        { DATABASE_EXECUTE,
          "CREATE TABLE t (x INTEGER PRIMARY KEY, y);"
          "INSERT INTO t (y) VALUES ('a'), ('b'); -- and that is all\n",
          2, NULL },
        { DATABASE_EXECUTE, "UPDATE t SET y = 'c' WHERE x > 9", 0, NULL },
        { DATABASE_EXECUTE, " ;; ", 0, NULL },
        { DATABASE_EXECUTE, "", 0, NULL },
        { DATABASE_ONE, "SELECT * FROM t WHERE x = 9", -ENODATA,
          "there is no such row" },
        { DATABASE_OPTIONAL, "SELECT * FROM t WHERE x = 9", 0, NULL },
        { DATABASE_ONE, "SELECT * FROM t", 1, NULL },
        // Done to its end, though one row is wanted.
        { DATABASE_OPTIONAL, "INSERT INTO t (y) VALUES (1), (2) RETURNING x", 1,
          NULL },
        { DATABASE_ALL, "SELECT y FROM t WHERE x = 9", 0, NULL },
        { DATABASE_ALL, "SELECT y FROM t ORDER BY x DESC", 4, NULL },
        { DATABASE_EXECUTE, "DELETE FROM t", 4, NULL },
    };
    database d = { .desc = { .path = path } };
    DATABASE_EXPECT(state, steps, &d);
    assert_int_equal(d.rows.count, 4);
    assert_string_equal(ant_sqlite_text(&d.rows, 0, "y"), "2");
    assert_string_equal(ant_sqlite_text(&d.rows, 3, "y"), "a");
    assert_int_equal(d.rows_affected, 4);
    assert_int_equal(d.last_insert_rowid, 4);
    database_free(&d);
}

// ---- What is wrong ----

static void an_error_says_what_and_where(void **state)
{
    static const database_step steps[] = {
        { DATABASE_EXECUTE,
          "CREATE TABLE t (x INTEGER PRIMARY KEY, y UNIQUE, z NOT NULL "
          "CHECK (z > 0), w REFERENCES t (x))",
          0, NULL },
        { DATABASE_EXECUTE, "INSERT INTO t VALUES (1, 1, 1, 1)", 1, NULL },
        { DATABASE_EXECUTE, "INSERT INTO t VALUES (1, 2, 2, 1)", -EEXIST,
          "UNIQUE constraint failed: t.x" },
        { DATABASE_EXECUTE, "INSERT INTO t VALUES (2, 1, 2, 1)", -EEXIST,
          "UNIQUE constraint failed: t.y" },
        { DATABASE_EXECUTE, "INSERT INTO t VALUES (2, 2, NULL, 1)", -EDOM,
          "NOT NULL constraint failed: t.z" },
        { DATABASE_EXECUTE, "INSERT INTO t VALUES (2, 2, 0, 1)", -EDOM,
          "CHECK constraint failed: z > 0" },
        { DATABASE_EXECUTE, "INSERT INTO t VALUES (2, 2, 2, 9)", -EDOM,
          "FOREIGN KEY constraint failed" },
        { DATABASE_EXECUTE, "SELEC 1", -EINVAL,
          "near \"SELEC\": syntax error, at byte 0: \"SELEC 1\"" },
        { DATABASE_EXECUTE, "SELECT x, nam FROM t", -EINVAL,
          "no such column: nam, at byte 10: \"nam FROM t\"" },
        { DATABASE_EXECUTE, "SELECT 1; SELECT nam", -EINVAL,
          "no such column: nam, at byte 17: \"nam\"" },
        { DATABASE_EXECUTE, "SELECT * FROM none", -EINVAL,
          "no such table: none" },
        { DATABASE_EXECUTE, "SELECT ?, ?", -EINVAL,
          "0 arguments, and question mark 1 has none" },
        { DATABASE_EXECUTE, NULL, -EINVAL,
          "1 arguments, and only 0 question marks" },
        { DATABASE_ALL, "SELECT 1; SELECT 1, 2", -EINVAL,
          "statements with different columns" },
        { DATABASE_ALL, "SELECT * FROM t", 1, NULL },
        { DATABASE_IDLE, NULL, 4, NULL },
    };
    struct ant_sqlite_query query = ant_sqlite_query("SELECT 1");
    ant_sqlite_bind(&query, 1);
    database d = { .desc = { .path = path }, .query = &query };
    DATABASE_EXPECT(state, steps, &d);
    database_free(&d);
}

static int connect_to(void **state, const ant_sqlite_desc *desc)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    database d = { .desc = *desc };
    static const database_step none[] = { { DATABASE_IDLE, NULL, 4, NULL } };
    const int err = database_run(rt, none, 1, &d);
    ant_runtime_free(rt);
    return err;
}

static void a_database_that_cannot_be_opened_says_why(void **state)
{
    const ant_sqlite_desc none = { .path = path, .must_exist = true };
    assert_int_equal(connect_to(state, &none), -ENOENT);
    char deep[160];
    (void)snprintf(deep, sizeof deep, "%s/none/a.db", folder);
    const ant_sqlite_desc nowhere = { .path = deep };
    assert_int_equal(connect_to(state, &nowhere), -ENOENT);
    FILE *file = fopen(path, "w");
    for (int i = 0; i < 100; i++)
        (void)fputs("this is no database, whatever its name may say. ", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(connect_to(state, &(ant_sqlite_desc){ .path = path }),
                     -EILSEQ);
}

static void remove_journal(const char *suffix)
{
    char name[160];
    (void)snprintf(name, sizeof name, "%s%s", path, suffix);
    (void)unlink(name);
}

static void who_only_reads_does_not_write(void **state)
{
    static const database_step make[] = {
        { DATABASE_EXECUTE, "CREATE TABLE t (x)", 0, NULL },
    };
    static const database_step try_it[] = {
        { DATABASE_ALL, "SELECT * FROM t", 0, NULL },
        { DATABASE_EXECUTE, "INSERT INTO t VALUES (1)", -EROFS,
          "attempt to write a readonly database" },
    };
    database d = { .desc = { .path = path } };
    DATABASE_EXPECT(state, make, &d);
    d.desc.is_read_only = true;
    DATABASE_EXPECT(state, try_it, &d);
    database_free(&d);
    remove_journal("-wal"); // who may not write leaves them there
    remove_journal("-shm");
}

// ---- Transactions ----

static void a_transaction_is_all_or_nothing(void **state)
{
    static const database_step steps[] = {
        { DATABASE_EXECUTE, "CREATE TABLE t (x UNIQUE)", 0, NULL },
        { DATABASE_BEGIN, NULL, 0, NULL },
        { DATABASE_IDLE, NULL, 3, NULL },
        { DATABASE_TX_EXECUTE, "INSERT INTO t VALUES (1)", 1, NULL },
        { DATABASE_ALL, "SELECT * FROM t", 0, NULL }, // others do not see it
        { DATABASE_TX_ALL, "SELECT * FROM t", 1, NULL },
        { DATABASE_COMMIT, NULL, 0, NULL },
        { DATABASE_ALL, "SELECT * FROM t", 1, NULL },
        { DATABASE_IDLE, NULL, 4, NULL },

        { DATABASE_BEGIN, NULL, 0, NULL },
        { DATABASE_TX_EXECUTE, "INSERT INTO t VALUES (2)", 1, NULL },
        { DATABASE_TX_EXECUTE, "INSERT INTO t VALUES (1)", -EEXIST, NULL },
        { DATABASE_TX_ALL, "SELECT * FROM t", 2, NULL }, // it goes on
        { DATABASE_ROLLBACK, NULL, 0, NULL },
        { DATABASE_ALL, "SELECT * FROM t", 1, NULL },
        { DATABASE_IDLE, NULL, 4, NULL },

        { DATABASE_BEGIN, NULL, 0, NULL },
        { DATABASE_TX_EXECUTE, "INSERT INTO t VALUES (3)", 1, NULL },
        { DATABASE_TX_DROP, NULL, 0, NULL },
        // Waits for the lock that the dropped one has until it is undone.
        { DATABASE_EXECUTE, "INSERT INTO t VALUES (4)", 1, NULL },
        { DATABASE_ALL, "SELECT * FROM t", 2, NULL },

        { DATABASE_BEGIN, "nonsense", -EINVAL, "near \"nonsense\"" },
        { DATABASE_BEGIN, "BEGIN", 0, NULL },
        { DATABASE_TX_ALL, "SELECT * FROM t", 2, NULL },
        { DATABASE_EXECUTE, "INSERT INTO t VALUES (5)", 1, NULL },
        { DATABASE_TX_ALL, "SELECT * FROM t", 2, NULL }, // as it began
        { DATABASE_TX_EXECUTE, "INSERT INTO t VALUES (6)", -EBUSY,
          "database is locked" },
        { DATABASE_COMMIT, NULL, 0, NULL },
        // A BEGIN of one's own ends with its operation.
        { DATABASE_EXECUTE, "BEGIN IMMEDIATE; INSERT INTO t VALUES (7)", 1,
          NULL },
        { DATABASE_ALL, "SELECT * FROM t", 3, NULL },
    };
    database d = { .desc = { .path = path } };
    DATABASE_EXPECT(state, steps, &d);
    database_free(&d);
}

static void a_transaction_that_was_undone_does_nothing_more(void **state)
{
    static const database_step steps[] = {
        { DATABASE_EXECUTE, "CREATE TABLE t (x)", 0, NULL },
        { DATABASE_BEGIN, NULL, 0, NULL },
        { DATABASE_TX_EXECUTE, "INSERT INTO t VALUES (1); ROLLBACK", 1, NULL },
        { DATABASE_TX_EXECUTE, "INSERT INTO t VALUES (2)", -ECANCELED,
          "the transaction was rolled back before" },
        { DATABASE_COMMIT, NULL, -ECANCELED, NULL },
        { DATABASE_ALL, "SELECT * FROM t", 0, NULL },
        { DATABASE_IDLE, NULL, 4, NULL },
    };
    database d = { .desc = { .path = path } };
    DATABASE_EXPECT(state, steps, &d);
    database_free(&d);
}

// ---- Several at once ----

// Has the write lock for 20 ms.
struct holder {
    ant_future base;
    enum {
        HOLDER_START,
        HOLDER_BEGINNING,
        HOLDER_HOLDING,
        HOLDER_ENDING
    } state;
    ant_sqlite_pool *pool;
    ant_sqlite_tx tx;
    struct ant_sqlite_op op;
    struct ant_sleep nap;
};

ANT_ASYNC(holder)
{
    switch (self->state) {
    case HOLDER_START:
        self->op = ant_sqlite_begin(self->pool, &self->tx);
        return ANT_NEXT(HOLDER_BEGINNING);
    case HOLDER_BEGINNING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        self->nap = ant_sleep(20);
        return ANT_NEXT(HOLDER_HOLDING);
    case HOLDER_HOLDING:
        ANT_AWAIT(self->nap);
        self->op = ant_sqlite_commit(&self->tx);
        return ANT_NEXT(HOLDER_ENDING);
    case HOLDER_ENDING:
        ANT_AWAIT(self->op);
        self->base.result = self->op.base.result;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

// Holds the lock twice at once: one of the two waits for the other.
struct rivals {
    ant_future base;
    enum { RIVALS_START, RIVALS_CONNECTING, RIVALS_HOLDING } state;
    ant_sqlite_desc desc;
    ant_sqlite_pool pool;
    struct ant_sqlite_op op;
    struct holder first;
    struct holder second;
    struct ant_join both;
};

ANT_ASYNC(rivals)
{
    switch (self->state) {
    case RIVALS_START:
        self->op = ant_sqlite_pool_connect_with(&self->desc, &self->pool);
        return ANT_NEXT(RIVALS_CONNECTING);
    case RIVALS_CONNECTING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        self->first = ANT_FUTURE(holder, .pool = &self->pool);
        self->second = ANT_FUTURE(holder, .pool = &self->pool);
        self->both = ant_join(&self->first.base, &self->second.base);
        return ANT_NEXT(RIVALS_HOLDING);
    case RIVALS_HOLDING:
        ANT_AWAIT(self->both);
        ant_sqlite_pool_drop(&self->pool);
        self->base.result = self->first.base.result + self->second.base.result;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static int run_rivals(void **state, uint32_t busy_ms)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    const ant_sqlite_desc desc = { .path = path, .busy_ms = busy_ms };
    const int err = ant_runtime_block_on(rt, ANT_FUTURE(rivals, .desc = desc));
    ant_runtime_free(rt);
    return err;
}

static void who_needs_the_lock_waits_as_long_as_was_said(void **state)
{
    assert_int_equal(run_rivals(state, 0), 0); // the default: long
    assert_int_equal(run_rivals(state, 1), -EBUSY);
}

// Adds 1 so many times, each in a transaction of its own.
struct adder {
    ant_future base;
    enum { ADDER_START, ADDER_ADDING } state;
    int left;
    ant_sqlite_pool pool;
    struct ant_sqlite_op op;
};

ANT_ASYNC(adder)
{
    switch (self->state) {
    case ADDER_START:
        if (self->left-- == 0) {
            ant_sqlite_pool_drop(&self->pool);
            return ANT_READY;
        }
        self->op = ant_sqlite_execute(
            &self->pool, ant_sqlite_query("UPDATE t SET n = n + 1"));
        return ANT_NEXT(ADDER_ADDING);
    case ADDER_ADDING:
        ANT_AWAIT(self->op);
        if (self->op.base.result != 1) return ANT_FAIL(-EPROTO);
        return ANT_NEXT(ADDER_START);
    }
    ANT_UNREACHABLE();
}

enum { ADDERS = 8, ADDS = 5 };

struct crowd {
    ant_future base;
    enum { CROWD_START, CROWD_CONNECTING, CROWD_CREATING, CROWD_ADDING } state;
    ant_sqlite_pool pool;
    struct ant_sqlite_op op;
    ant_join_set set;
    struct ant_join_set_join_all all;
};

ANT_ASYNC(crowd)
{
    int err = 0;
    switch (self->state) {
    case CROWD_START:
        self->op = ant_sqlite_pool_connect(path, &self->pool);
        return ANT_NEXT(CROWD_CONNECTING);
    case CROWD_CONNECTING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        self->op = ant_sqlite_execute(
            &self->pool,
            ant_sqlite_query("CREATE TABLE t (n); INSERT INTO t VALUES (0)"));
        return ANT_NEXT(CROWD_CREATING);
    case CROWD_CREATING:
        ANT_AWAIT(self->op);
        ant_join_set_init(&self->set, "adders");
        for (int i = 0; i < ADDERS && err == 0; i++) {
            const struct adder one = {
                ANT_INIT(adder),
                .left = ADDS,
                .pool = ant_sqlite_pool_clone(&self->pool),
            };
            err = ant_join_set_spawn(&self->set, one);
        }
        if (err < 0) return ANT_FAIL(err);
        ant_sqlite_pool_drop(&self->pool);
        self->all = ant_join_set_join_all(&self->set);
        return ANT_NEXT(CROWD_ADDING);
    case CROWD_ADDING:
        ANT_AWAIT(self->all);
        ant_join_set_deinit(&self->set);
        self->base.result = self->all.base.result;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void many_tasks_share_a_pool(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    const struct crowd all = { ANT_INIT(crowd) };
    assert_int_equal(ant_runtime_block_on(rt, all), 0);
    ant_runtime_free(rt);
    static const database_step count[] = {
        { DATABASE_ONE, "SELECT n FROM t", 1, NULL },
    };
    database d = { .desc = { .path = path } };
    DATABASE_EXPECT(state, count, &d);
    assert_int_equal(ant_sqlite_integer(&d.rows, 0, "n"), ADDERS * ADDS);
    database_free(&d);
}

#define POOL_TEST(test, flavor)                                                \
    {                                                                          \
#test " (" #flavor ")", test, set_up, tear_down, &flavor_##flavor      \
    }
#define EVERY(test)                                                            \
    POOL_TEST(test, current), POOL_TEST(test, multi), POOL_TEST(test, sim)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY(what_was_bound_comes_back),
        EVERY(a_fetch_takes_what_its_name_says),
        EVERY(an_error_says_what_and_where),
        EVERY(a_database_that_cannot_be_opened_says_why),
        EVERY(who_only_reads_does_not_write),
        EVERY(a_transaction_is_all_or_nothing),
        EVERY(a_transaction_that_was_undone_does_nothing_more),
        EVERY(who_needs_the_lock_waits_as_long_as_was_said),
        EVERY(many_tasks_share_a_pool),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
