// SPDX-License-Identifier: MIT
//
// A wrong solution: the clock ticks, for another thread packs the folders.

#include <antfarm.h>
#include <stdio.h>

#define FOLDERS 10

// In tens: a real clock is always a little late, a virtual one never.
static unsigned ms_since(uint64_t start_ns)
{
    return (unsigned)((ant_now_ns() - start_ns) / 10000000 * 10);
}

// async fn wall_clock(): ticks every 100 ms, four times.
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
        self->rest = ant_sleep(100);
        return ANT_NEXT(CLOCK_RESTING);

    case CLOCK_RESTING:
        ANT_AWAIT(self->rest);
        ant_note("tick");
        if (++self->ticks == 4) return ANT_READY;
        return ANT_NEXT(CLOCK_START);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct wall_clock wall_clock(void)
{
    return (struct wall_clock){ ANT_INIT(wall_clock) };
}

static int pack(void *arg)
{
    (void)arg;
    for (unsigned folder = 0; folder < FOLDERS; folder++)
        ant_thread_sleep(50); // stands for a computation
    return 0;
}

// async fn pack_folders(): asks another thread.
struct pack_folders {
    ant_future base;
    enum { PACK_START, PACK_WAITING } state;
    struct ant_join_handle job;
};

ANT_ASYNC(pack_folders)
{
    switch (self->state) {
    case PACK_START:
        self->job = ant_spawn_blocking(pack, NULL);
        return ANT_NEXT(PACK_WAITING);

    case PACK_WAITING:
        ANT_AWAIT(self->job);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct pack_folders pack_folders(void)
{
    return (struct pack_folders){ ANT_INIT(pack_folders) };
}

// async fn office(): a clock on the wall, and a backup that runs.
struct office {
    ant_future base;
    enum { OFFICE_START, OFFICE_OPEN } state;
    struct ant_join_handle clock, backup;
    struct ant_join both;
    uint64_t start_ns;
};

ANT_ASYNC(office)
{
    switch (self->state) {
    case OFFICE_START:
        self->start_ns = ant_now_ns();
        self->clock = ant_spawn_named("clock", wall_clock());
        self->backup = ant_spawn_named("backup", pack_folders());
        self->both = ant_join(&self->clock.base, &self->backup.base);
        return ANT_NEXT(OFFICE_OPEN);

    case OFFICE_OPEN:
        ANT_AWAIT(self->both);
        printf("closed after %u ms\n", ms_since(self->start_ns));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct office office(void)
{
    return (struct office){ ANT_INIT(office) };
}

ANT_MAIN(office)
