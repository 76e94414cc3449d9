// SPDX-License-Identifier: MIT
//
// One step after the other; the first error ends the whole, as `?` does.

#include <antfarm.h>
#include <stdio.h>

struct step {
    ant_future base;
    enum { STEP_START, STEP_SLEEPING } state;
    const char *name;
    int error; // what it ends with, 0 for success
    struct ant_sleep sleep;
};

ANT_ASYNC(step)
{
    switch (self->state) {
    case STEP_START:
        self->sleep = ant_sleep(10);
        return ANT_NEXT(STEP_SLEEPING);
    case STEP_SLEEPING:
        ANT_AWAIT(self->sleep);
        printf("%s: %s\n", self->name, ant_err_text(self->error));
        return self->error < 0 ? ANT_FAIL(self->error) : ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct step step(const char *name, int error)
{
    return (struct step){ ANT_INIT(step), .name = name, .error = error };
}

struct chain_operations {
    ant_future base;
    enum { CHAIN_START, CHAIN_FETCHING, CHAIN_PROCESSING, CHAIN_SAVING } state;
    struct step step;
};

ANT_ASYNC(chain_operations)
{
    const int32_t *result = &self->step.base.result;
    switch (self->state) {
    case CHAIN_START:
        self->step = step("fetch", 0);
        return ANT_NEXT(CHAIN_FETCHING);
    case CHAIN_FETCHING:
        ANT_AWAIT(self->step);
        if (*result < 0) return ANT_FAIL(*result);
        self->step = step("process", -EINVAL);
        return ANT_NEXT(CHAIN_PROCESSING);
    case CHAIN_PROCESSING:
        ANT_AWAIT(self->step);
        if (*result < 0) return ANT_FAIL(*result);
        self->step = step("save", 0);
        return ANT_NEXT(CHAIN_SAVING);
    case CHAIN_SAVING:
        ANT_AWAIT(self->step);
        return *result < 0 ? ANT_FAIL(*result) : ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct chain_operations chain_operations(void)
{
    return (struct chain_operations){ ANT_INIT(chain_operations) };
}

struct app {
    ant_future base;
    enum { APP_START, APP_JOINING } state;
    struct ant_join_handle handle;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->handle = ant_spawn(chain_operations());
        return ANT_NEXT(APP_JOINING);
    case APP_JOINING:
        ANT_AWAIT(self->handle);
        if (self->handle.base.result < 0)
            printf("Task failed: %s\n", ant_err_text(self->handle.base.result));
        ant_task_detach(&self->handle);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
