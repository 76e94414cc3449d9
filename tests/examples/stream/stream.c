// SPDX-License-Identifier: MIT
//
// The example of stream/stream.h.

#include <antfarm.h>

#include <errno.h>

struct ticks {
    ant_stream base;
    enum { TICKS_START, TICKS_SLEEPING } state;
    int n;
    struct ant_sleep nap;
};

ANT_STREAM(ticks, int)
{
    switch (self->state) {
    case TICKS_START:
        if (self->n == 3) return ANT_READY;
        self->nap = ant_sleep(10);
        return ANT_NEXT(TICKS_SLEEPING);
    case TICKS_SLEEPING:
        ANT_AWAIT(self->nap);
        *item = self->n++;
        return ANT_EMIT(TICKS_START);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct ticks ticks(void)
{
    return (struct ticks){ ANT_STREAM_INIT(ticks) };
}

struct sum {
    ant_future base;
    enum { SUM_START, SUM_ADDING } state;
    struct ticks ticks;
    struct ant_stream_next next;
    int tick;
    int sum;
};

ANT_ASYNC_WITH_DROP(sum)
{
    switch (self->state) {
    case SUM_START:
        self->next = ant_stream_next(&self->ticks.base, &self->tick);
        return ANT_NEXT(SUM_ADDING);
    case SUM_ADDING:
        ANT_AWAIT(self->next);
        if (self->next.base.result < 0) return ANT_FAIL(self->next.base.result);
        if (self->next.base.result == 0)
            return self->sum == 0 + 1 + 2 ? ANT_READY : ANT_FAIL(-EPROTO);
        self->sum += self->tick;
        return ANT_NEXT(SUM_START);
    }
    ANT_UNREACHABLE();
}

static void sum_drop(struct sum *self)
{
    ant_stream_drop(&self->ticks.base);
}

ANT_MUST_USE static struct sum sum(void)
{
    return (struct sum){ ANT_INIT(sum), .ticks = ticks() };
}

ANT_MAIN(sum)
