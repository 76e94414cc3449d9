// SPDX-License-Identifier: MIT
//
// An "async trait": a table of functions that return boxed futures. The one who
// asks does not know which kind of future it awaits, nor how large it is.

#include <antfarm.h>

#include <errno.h>

// A store of numbers. `get` is an async function: its result is the number at
// `key`, or -ENOENT.
struct store {
    ant_box_future (*get)(struct store *self, int key);
    int number[3];
    unsigned delay_ms; // of a store that is far away
};

static int look_up(const struct store *store, int key)
{
    return key >= 0 && key < 3 ? store->number[key] : -ENOENT;
}

// ---- In memory: ready at once ----

struct memory_get {
    ant_future base;
    struct store *store;
    int key;
};

ANT_ASYNC(memory_get)
{
    self->base.result = look_up(self->store, self->key);
    return ANT_READY;
}

static ant_box_future memory_get(struct store *store, int key)
{
    return ant_box((struct memory_get){
        ANT_INIT(memory_get),
        .store = store,
        .key = key,
    });
}

// ---- Far away: the answer takes its time ----

struct remote_get {
    ant_future base;
    enum { REMOTE_START, REMOTE_ASKING } state;
    struct store *store;
    int key;
    struct ant_sleep trip;
};

ANT_ASYNC(remote_get)
{
    switch (self->state) {
    case REMOTE_START:
        self->trip = ant_sleep(self->store->delay_ms);
        return ANT_NEXT(REMOTE_ASKING);
    case REMOTE_ASKING:
        ANT_AWAIT(self->trip);
        self->base.result = look_up(self->store, self->key);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static ant_box_future remote_get(struct store *store, int key)
{
    return ant_box((struct remote_get){
        ANT_INIT(remote_get),
        .store = store,
        .key = key,
    });
}

// ---- Who asks, whatever the store ----

struct sum {
    ant_future base;
    enum { SUM_START, SUM_ASKING } state;
    struct store *store;
    int key;
    int total;
    struct ant_box answer;
};

ANT_ASYNC(sum)
{
    switch (self->state) {
    case SUM_START:
        self->answer = self->store->get(self->store, self->key++);
        return ANT_NEXT(SUM_ASKING);
    case SUM_ASKING:
        ANT_AWAIT(self->answer);
        if (self->answer.base.result == -ENOENT) return ANT_READY;
        if (self->answer.base.result < 0)
            return ANT_FAIL(self->answer.base.result);
        self->total += self->answer.base.result;
        return ANT_NEXT(SUM_START);
    }
    ANT_UNREACHABLE();
}

static struct sum sum(struct store *store)
{
    return (struct sum){ ANT_INIT(sum), .store = store };
}

struct app {
    ant_future base;
    enum { APP_START, APP_SUMMING } state;
    struct store near, far;
    struct sum near_sum, far_sum;
    struct ant_try_join both;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->near = (struct store){ memory_get, .number = { 1, 2, 3 } };
        self->far = (struct store){ remote_get, { 10, 20, 30 }, .delay_ms = 2 };
        self->near_sum = sum(&self->near);
        self->far_sum = sum(&self->far);
        self->both = ant_try_join(&self->near_sum.base, &self->far_sum.base);
        return ANT_NEXT(APP_SUMMING);
    case APP_SUMMING:
        ANT_AWAIT(self->both);
        ANT_ASSERT(self->near_sum.total == 6);
        ANT_ASSERT(self->far_sum.total == 60);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
