// SPDX-License-Identifier: MIT
//
// A library has a clock that ticks every 50 ms, and one worker. Five books get
// an index, each 100 ms of work. After each book the others get a turn. What
// does the clock do now?

#include <antfarm.h>
#include <stdio.h>

#define BOOKS 5

// In tens: a real clock is always a little late, a virtual one never.
static unsigned ms_since(uint64_t start_ns)
{
    return (unsigned)((ant_now_ns() - start_ns) / 10000000 * 10);
}

// async fn wall_clock(): ticks every 50 ms, five times.
struct wall_clock {
    ant_future base;
    enum { CLOCK_START, CLOCK_RESTING } state;
    unsigned ticks;
    struct ant_sleep rest;
};

ANT_ASYNC(wall_clock)
{
    switch (self->state) {
    case CLOCK_START:
        self->rest = ant_sleep(50);
        return ANT_NEXT(CLOCK_RESTING);

    case CLOCK_RESTING:
        ANT_AWAIT(self->rest);
        ant_note("tick");
        if (++self->ticks == 5) return ANT_READY;
        return ANT_NEXT(CLOCK_START);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct wall_clock wall_clock(void)
{
    return (struct wall_clock){ ANT_INIT(wall_clock) };
}

// async fn index_books(): work for the processor, with a turn for the others
// after each book.
struct index_books {
    ant_future base;
    enum { INDEX_START, INDEX_YIELDING } state;
    unsigned book;
    struct ant_yield_now turn;
};

ANT_ASYNC(index_books)
{
    switch (self->state) {
    //@ begin index
    case INDEX_START:
        ant_thread_sleep(100); // stands for a computation
        self->turn = ant_yield_now();
        return ANT_NEXT(INDEX_YIELDING);

    case INDEX_YIELDING:
        ANT_AWAIT(self->turn);
        if (++self->book < BOOKS) return ANT_NEXT(INDEX_START);
        ant_note("indexed");
        return ANT_READY;
        //@ end index
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct index_books index_books(void)
{
    return (struct index_books){ ANT_INIT(index_books) };
}

// async fn library(): a clock on the wall, and somebody at work.
struct library {
    ant_future base;
    enum { LIBRARY_START, LIBRARY_OPEN } state;
    struct ant_join_handle clock, index;
    struct ant_join both;
    uint64_t start_ns;
};

ANT_ASYNC(library)
{
    switch (self->state) {
    case LIBRARY_START:
        self->start_ns = ant_now_ns();
        self->clock = ant_spawn_named("clock", wall_clock());
        self->index = ant_spawn_named("index", index_books());
        self->both = ant_join(&self->clock.base, &self->index.base);
        return ANT_NEXT(LIBRARY_OPEN);

    case LIBRARY_OPEN:
        ANT_AWAIT(self->both);
        printf("closed after %u ms\n", ms_since(self->start_ns));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct library library(void)
{
    return (struct library){ ANT_INIT(library) };
}

ANT_MAIN(library)
