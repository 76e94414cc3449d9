// SPDX-License-Identifier: MIT
//
// The example of sqlite/query.h: who is old enough.

#include <antfarm.h>
#include <sqlite/pool.h>
#include <stdio.h>

struct ask {
    ant_future base;
    enum { ASK_START, ASK_CONNECTING, ASK_FILLING, ASK_FINDING } state;
    size_t found;
    ant_sqlite_pool pool;
    ant_sqlite_rows rows;
    struct ant_sqlite_op op;
};

static const char fill[] =
    "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, age INTEGER);"
    "INSERT INTO users (name, age) VALUES ('Ada', 36), ('Tom', 9)";

static struct ant_sqlite_query find_adults(void)
{
    struct ant_sqlite_query find =
        ant_sqlite_query("SELECT id, name FROM users WHERE age > ?");
    ant_sqlite_bind(&find, 17);
    return find;
}

static void show(ant_sqlite_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        printf("%d: %s\n", (int)ant_sqlite_integer(rows, i, "id"),
               ant_sqlite_text(rows, i, "name"));
    ant_sqlite_rows_free(rows);
}

ANT_ASYNC(ask)
{
    switch (self->state) {
    case ASK_START:
        self->op = ant_sqlite_pool_connect(":memory:", &self->pool);
        return ANT_NEXT(ASK_CONNECTING);
    case ASK_CONNECTING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        self->op = ant_sqlite_execute(&self->pool, ant_sqlite_query(fill));
        return ANT_NEXT(ASK_FILLING);
    case ASK_FILLING:
        ANT_AWAIT(self->op);
        self->op =
            ant_sqlite_fetch_all(&self->pool, find_adults(), &self->rows);
        return ANT_NEXT(ASK_FINDING);
    case ASK_FINDING:
        ANT_AWAIT(self->op);
        self->found = self->rows.count;
        show(&self->rows);
        ant_sqlite_pool_drop(&self->pool);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

int main(void)
{
    ant_runtime *rt;
    if (ant_runtime_new(NULL, &rt) < 0) return 1;
    struct ask ask = { ANT_INIT(ask) };
    const int err = ant_runtime_block_on_into(rt, &ask, ask);
    ant_runtime_free(rt);
    return err == 0 && ask.found == 1 ? 0 : 1;
}
