// SPDX-License-Identifier: MIT
//
// The example of core/panic.h.

#include <antfarm.h>
#include <errno.h>
#include <stdio.h>

struct make_tea {
    ant_future base;
    int cups;
};

ANT_ASYNC(make_tea)
{
    if (self->cups < 0) ant_panic("%d cups", self->cups);
    return ANT_READY;
}

static struct make_tea make_tea(int cups)
{
    return (struct make_tea){ ANT_INIT(make_tea), .cups = cups };
}

struct app {
    ant_future base;
    enum { APP_START, APP_JOINING } state;
    struct ant_join_handle tea;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->tea = ant_spawn(make_tea(-1));
        return ANT_NEXT(APP_JOINING);
    case APP_JOINING:
        ANT_AWAIT(self->tea);
        const ant_failure *failure = ant_task_failure(&self->tea);
        if (failure != NULL && failure->is_panic) puts(failure->text);
        if (self->tea.base.result != -ENOTRECOVERABLE) return ANT_FAIL(-EINVAL);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
