// SPDX-License-Identifier: MIT
//
// Makes a table, puts users into it, and asks for them. Where USERS_DB says, or
// in memory; a file can be opened with the command sqlite3. The end shows what
// one hears when a query is wrong. sqlx: the page of its README.

#include <antfarm.h>
#include <sqlite/pool.h>
#include <stdio.h>
#include <stdlib.h>

struct app {
    ant_future base;
    enum {
        APP_START,
        APP_CONNECTING,
        APP_CREATING,
        APP_INSERTING,
        APP_ASKING,
        APP_ASKING_WRONGLY,
        APP_CLOSING,
    } state;
    int inserted;
    ant_sqlite_pool pool;
    ant_sqlite_rows users;
    struct ant_sqlite_op op;
};

static const char *const names[] = { "Alice", "Bob", "O'Neill" };

static struct ant_sqlite_query insert(const char *name)
{
    struct ant_sqlite_query query =
        ant_sqlite_query("INSERT INTO users (name) VALUES (?)");
    ant_sqlite_bind(&query, name);
    return query;
}

static void print_users(const ant_sqlite_rows *users)
{
    for (size_t i = 0; i < users->count; i++)
        printf("User %d: %s\n", (int)ant_sqlite_integer(users, i, "id"),
               ant_sqlite_text(users, i, "name"));
}

ANT_ASYNC_WITH_DROP(app)
{
    const char *path;
    switch (self->state) {
    case APP_START:
        path = getenv("USERS_DB");
        self->op = ant_sqlite_pool_connect(path != NULL ? path : ":memory:",
                                           &self->pool);
        return ANT_NEXT(APP_CONNECTING);

    case APP_CONNECTING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        self->op = ant_sqlite_execute(
            &self->pool,
            ant_sqlite_query(
                "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)"));
        return ANT_NEXT(APP_CREATING);

    case APP_CREATING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        self->op = ant_sqlite_execute(&self->pool, insert(names[0]));
        return ANT_NEXT(APP_INSERTING);

    case APP_INSERTING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        if (++self->inserted < 3) {
            self->op =
                ant_sqlite_execute(&self->pool, insert(names[self->inserted]));
            return ANT_NEXT(APP_INSERTING);
        }
        self->op = ant_sqlite_fetch_all(
            &self->pool, ant_sqlite_query("SELECT * FROM users"), &self->users);
        return ANT_NEXT(APP_ASKING);

    case APP_ASKING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        print_users(&self->users);
        ant_sqlite_rows_free(&self->users);
        self->op = ant_sqlite_fetch_all(
            &self->pool, ant_sqlite_query("SELECT nam FROM users"),
            &self->users);
        return ANT_NEXT(APP_ASKING_WRONGLY);

    case APP_ASKING_WRONGLY:
        ANT_AWAIT(self->op);
        printf("%s: %s\n", ant_err_name(self->op.base.result),
               ant_sqlite_error(&self->op));
        self->op = ant_sqlite_pool_close(&self->pool);
        return ANT_NEXT(APP_CLOSING);

    case APP_CLOSING:
        ANT_AWAIT(self->op);
        ant_sqlite_pool_drop(&self->pool);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void app_drop(struct app *self)
{
    ant_future_drop(&self->op.base);
    ant_sqlite_rows_free(&self->users);
    ant_sqlite_pool_drop(&self->pool);
}

ANT_CONSTRUCTOR(app)

ANT_MAIN(app)
