// SPDX-License-Identifier: MIT
//
// A join set: a task for each item, and the results as they come.

#include <antfarm.h>
#include <ctype.h>
#include <stdio.h>

#define ITEMS 3

static const char *const items[ITEMS] = { "wood", "sand", "stone" };

ANT_ASYNC_FN(shout, const char *item, struct ant_sleep sleep, char upper[16])
{
    if (ANT_BEGINS(self->sleep)) self->sleep = ant_sleep(100);
    ANT_AWAIT(self->sleep);
    for (size_t i = 0; self->item[i] != '\0'; i++)
        self->upper[i] = (char)toupper(self->item[i]);
    return ANT_READY;
}

struct app {
    ant_future base;
    enum { APP_START, APP_JOINING } state;
    struct shout result[ITEMS];
    ant_join_set set;
    struct ant_join_set_next next;
};

static ant_poll end(struct app *self, int err)
{
    ant_join_set_deinit(&self->set);
    self->base.result = err;
    return ANT_READY;
}

ANT_ASYNC_WITH_DROP(app)
{
    switch (self->state) {
    case APP_START:
        ant_join_set_init(&self->set, "batch");
        for (int i = 0; i < ITEMS; i++) {
            int err =
                ant_join_set_spawn_into(&self->set, &self->result[i],
                                        ANT_FUTURE(shout, .item = items[i]));
            if (err < 0) return end(self, err);
        }
        self->next = ant_join_set_next(&self->set);
        return ANT_NEXT(APP_JOINING);
    case APP_JOINING:
        ANT_AWAIT(self->next);
        if (self->next.is_empty) return end(self, 0);
        const struct shout *done = self->next.joined.key;
        printf("%s\n", done->upper);
        self->next = ant_join_set_next(&self->set);
        return ANT_NEXT(APP_JOINING);
    }
    ANT_UNREACHABLE();
}

// Giving the set up stops what still runs in it.
static void app_drop(struct app *self)
{
    ant_future_drop(&self->next.base);
    ant_join_set_deinit(&self->set);
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
