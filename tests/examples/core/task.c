// SPDX-License-Identifier: MIT
//
// The example of core/task.h.

#include <antfarm.h>

struct make_tea {
    ant_future base;
    int cups;
};

ANT_ASYNC(make_tea)
{
    self->base.result = self->cups;
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
        self->tea = ant_spawn(make_tea(2));
        return ANT_NEXT(APP_JOINING);
    case APP_JOINING:
        ANT_AWAIT(self->tea);
        if (self->tea.base.result < 0) return ANT_FAIL(self->tea.base.result);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
