// SPDX-License-Identifier: MIT
//
// A wrong solution: the two tasks yield between pictures. The worker polls
// others meanwhile, but a task is still drawn as a whole.

#include <antfarm.h>
#include <stdio.h>

#define PICTURES 7

// The milliseconds of work that each picture is: the first is a poster.
static const unsigned work_ms[PICTURES] = { 160, 40, 40, 40, 40, 40, 40 };

// In tens: a real clock is always a little late, a virtual one never.
static unsigned ms_since(uint64_t start_ns)
{
    return (unsigned)((ant_now_ns() - start_ns) / 10000000 * 10);
}

// async fn draw(from, to): these pictures, one after the other.
struct draw {
    ant_future base;
    enum { DRAW_START, DRAW_YIELDING } state;
    unsigned from, to;
    struct ant_yield_now turn;
};

ANT_ASYNC(draw)
{
    switch (self->state) {
    case DRAW_START:
        ant_thread_sleep(work_ms[self->from]); // stands for a computation
        self->turn = ant_yield_now();
        return ANT_NEXT(DRAW_YIELDING);

    case DRAW_YIELDING:
        ANT_AWAIT(self->turn);
        if (++self->from < self->to) return ANT_NEXT(DRAW_START);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct draw draw(unsigned from, unsigned to)
{
    return (struct draw){ ANT_INIT(draw), .from = from, .to = to };
}

// async fn album(): a task for each worker.
struct album {
    ant_future base;
    enum { ALBUM_START, ALBUM_DRAWING } state;
    struct ant_join_handle first, second;
    struct ant_join both;
    uint64_t start_ns;
};

ANT_ASYNC(album)
{
    switch (self->state) {
    case ALBUM_START:
        self->start_ns = ant_now_ns();
        self->first = ant_spawn(draw(0, PICTURES / 2));
        self->second = ant_spawn(draw(PICTURES / 2, PICTURES));
        self->both = ant_join(&self->first.base, &self->second.base);
        return ANT_NEXT(ALBUM_DRAWING);

    case ALBUM_DRAWING:
        ANT_AWAIT(self->both);
        printf("%d pictures after %u ms\n", PICTURES, ms_since(self->start_ns));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct album album(void)
{
    return (struct album){ ANT_INIT(album) };
}

ANT_MAIN(album)
