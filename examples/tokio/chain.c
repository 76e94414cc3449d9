// SPDX-License-Identifier: MIT
//
// One step after the other; the first error ends the whole, as `?` does.

#include <antfarm.h>
#include <stdio.h>

ANT_ASYNC_FN(step, const char *name, int error, struct ant_sleep sleep)
{
    if (ANT_BEGINS(self->sleep)) self->sleep = ant_sleep(10);
    ANT_AWAIT(self->sleep);
    printf("%s: %s\n", self->name, ant_err_text(self->error));
    return self->error < 0 ? ANT_FAIL(self->error) : ANT_READY;
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
        self->step = ANT_FUTURE(step, .name = "fetch");
        return ANT_NEXT(CHAIN_FETCHING);
    case CHAIN_FETCHING:
        ANT_AWAIT(self->step);
        if (*result < 0) return ANT_FAIL(*result);
        self->step = ANT_FUTURE(step, .name = "process", .error = -EINVAL);
        return ANT_NEXT(CHAIN_PROCESSING);
    case CHAIN_PROCESSING:
        ANT_AWAIT(self->step);
        if (*result < 0) return ANT_FAIL(*result);
        self->step = ANT_FUTURE(step, .name = "save");
        return ANT_NEXT(CHAIN_SAVING);
    case CHAIN_SAVING:
        ANT_AWAIT(self->step);
        return *result < 0 ? ANT_FAIL(*result) : ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(chain_operations)

ANT_ASYNC_FN(app, struct ant_join_handle handle)
{
    if (ANT_BEGINS(self->handle)) self->handle = ant_spawn(chain_operations());
    ANT_AWAIT(self->handle);
    if (self->handle.base.result < 0)
        printf("Task failed: %s\n", ant_err_text(self->handle.base.result));
    return ANT_READY;
}

ANT_MAIN(app)
