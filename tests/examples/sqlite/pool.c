// SPDX-License-Identifier: MIT
//
// The example of sqlite/pool.h: a user, in a transaction and out of it.

#include <antfarm.h>
#include <sqlite/pool.h>

struct signup {
    ant_future base;
    enum {
        SIGNUP_START,
        SIGNUP_CREATING,
        SIGNUP_CONNECTING,
        SIGNUP_INSERTING,
        SIGNUP_BEGINNING,
        SIGNUP_INSERTING_MORE,
        SIGNUP_COMMITTING,
        SIGNUP_COUNTING,
    } state;
    const char *name;
    int64_t count;
    ant_sqlite_pool pool;
    ant_sqlite_tx tx;
    ant_sqlite_rows rows;
    struct ant_sqlite_op op;
};

ANT_ASYNC_WITH_DROP(signup)
{
    struct ant_sqlite_query insert;
    switch (self->state) {
    case SIGNUP_START:
        self->op = ant_sqlite_pool_connect(":memory:", &self->pool);
        return ANT_NEXT(SIGNUP_CREATING);

    case SIGNUP_CREATING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        self->op = ant_sqlite_execute(
            &self->pool, ant_sqlite_query("CREATE TABLE users (name TEXT)"));
        return ANT_NEXT(SIGNUP_CONNECTING);

    case SIGNUP_CONNECTING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        insert = ant_sqlite_query("INSERT INTO users (name) VALUES (?)");
        ant_sqlite_bind(&insert, self->name);
        self->op = ant_sqlite_execute(&self->pool, insert);
        return ANT_NEXT(SIGNUP_INSERTING);

    case SIGNUP_INSERTING:
        ANT_AWAIT(self->op);
        self->op = ant_sqlite_begin(&self->pool, &self->tx);
        return ANT_NEXT(SIGNUP_BEGINNING);

    case SIGNUP_BEGINNING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        insert = ant_sqlite_query("INSERT INTO users (name) VALUES (?), (?)");
        ant_sqlite_bind(&insert, "Eve");
        ant_sqlite_bind(&insert, "Bob");
        self->op = ant_sqlite_execute(&self->tx, insert);
        return ANT_NEXT(SIGNUP_INSERTING_MORE);

    case SIGNUP_INSERTING_MORE:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        self->op = ant_sqlite_commit(&self->tx);
        return ANT_NEXT(SIGNUP_COMMITTING);

    case SIGNUP_COMMITTING:
        ANT_AWAIT(self->op);
        self->op = ant_sqlite_fetch_one(
            &self->pool, ant_sqlite_query("SELECT count(*) AS n FROM users"),
            &self->rows);
        return ANT_NEXT(SIGNUP_COUNTING);

    case SIGNUP_COUNTING:
        ANT_AWAIT(self->op);
        self->count = ant_sqlite_integer(&self->rows, 0, "n");
        ant_sqlite_rows_free(&self->rows);
        ant_sqlite_pool_drop(&self->pool);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void signup_drop(struct signup *self)
{
    ant_future_drop(&self->op.base);
    ant_sqlite_tx_drop(&self->tx);
    ant_sqlite_pool_drop(&self->pool);
}

int main(void)
{
    ant_runtime *rt;
    if (ant_runtime_new(NULL, &rt) < 0) return 1;
    struct signup signup = { ANT_INIT(signup), .name = "Ann" };
    const int err = ant_runtime_block_on_into(rt, &signup, signup);
    ant_runtime_free(rt);
    return err == 0 && signup.count == 3 ? 0 : 1;
}
