// SPDX-License-Identifier: MIT
//
// A script for a database (modules/sqlite): operations one after the other, and
// what the result of each should be.
//
//   static const database_step steps[] = {
//       { DATABASE_EXECUTE, "CREATE TABLE t (x)", 0 },
//       { DATABASE_BEGIN, NULL, 0 },
//       { DATABASE_TX_EXECUTE, "INSERT INTO t VALUES (1)", 1 },
//       { DATABASE_TX_DROP, NULL, 0 },
//   };
//   database d = { .desc = { .path = path } };
//   DATABASE_EXPECT(state, steps, &d); // in the test's flavour
//
// Rows that came last stay in d.rows, for database_free.

#ifndef ANT_TESTS_SUPPORT_DATABASE_H
#define ANT_TESTS_SUPPORT_DATABASE_H

#include "rt/runtime.h"
#include "sqlite/pool.h"

typedef enum database_verb {
    DATABASE_EXECUTE,
    DATABASE_ALL,
    DATABASE_ONE,
    DATABASE_OPTIONAL,
    DATABASE_BEGIN,
    DATABASE_TX_EXECUTE,
    DATABASE_TX_ALL,
    DATABASE_TX_DROP,
    DATABASE_COMMIT,
    DATABASE_ROLLBACK,
    DATABASE_CLOSE,
    DATABASE_IDLE,     // how many connections nobody uses
    DATABASE_GIVEN_UP, // polls the query once and drops it
} database_verb;

typedef struct database_step {
    database_verb verb;
    const char *sql;
    int result;
    const char *error; // how its text begins, NULL: whatever
} database_step;

typedef struct database {
    ant_sqlite_desc desc;
    const struct ant_sqlite_query *query; // for steps whose sql is NULL
    ant_sqlite_rows rows;
    uint64_t rows_affected;
    int64_t last_insert_rowid;
} database;

#define DATABASE_EXPECT(state, steps, d)                                       \
    database_expect((state), (steps), (int)ANT_ARRAY_LEN(steps), (d))

// Connects, takes the steps, drops the pool; the test fails, and says at which
// step, when a result is another one.
void database_expect(void **state, const database_step *steps, int count,
                     database *d);

// The same in a runtime that is there: 0, -EPROTO when a step did not have its
// result, or how the first that failed with -ENOMEM failed.
ANT_MUST_USE int database_run(ant_runtime *rt, const database_step *steps,
                              int count, database *d);

void database_free(database *d);

#endif
