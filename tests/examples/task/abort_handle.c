// SPDX-License-Identifier: MIT
//
// The example of task/abort_handle.h.

#include <antfarm.h>
#include <errno.h>

struct boil {
    ant_future base;
    enum { BOIL_START, BOIL_WAITING } state;
    int cups;
    struct ant_sleep nap;
};

ANT_ASYNC(boil)
{
    switch (self->state) {
    case BOIL_START:
        self->nap = ant_sleep(600000);
        return ANT_NEXT(BOIL_WAITING);

    case BOIL_WAITING:
        ANT_AWAIT(self->nap);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct boil boil(int cups)
{
    return (struct boil){ ANT_INIT(boil), .cups = cups };
}

struct kitchen {
    ant_future base;
    enum { KITCHEN_START, KITCHEN_WAITING } state;
    struct ant_join_handle cook;
    ant_abort_handle stop;
};

ANT_ASYNC(kitchen)
{
    switch (self->state) {
    case KITCHEN_START:
        self->cook = ant_spawn(boil(1));
        self->stop = ant_task_abort_handle(&self->cook);
        ant_abort_handle_abort(&self->stop);
        ant_abort_handle_drop(&self->stop);
        return ANT_NEXT(KITCHEN_WAITING);

    case KITCHEN_WAITING:
        ANT_AWAIT(self->cook);
        if (self->cook.base.result != -ECANCELED) return ANT_FAIL(-EINVAL);
        ant_task_detach(&self->cook);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct kitchen kitchen(void)
{
    return (struct kitchen){ ANT_INIT(kitchen) };
}

ANT_MAIN(kitchen)
