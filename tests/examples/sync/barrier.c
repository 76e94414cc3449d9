// SPDX-License-Identifier: MIT
//
// The example of sync/barrier.h: three runners start together, and the last to
// come to the line fires the pistol.

#include "sync/barrier.h"
#include "antfarm.h"

static ant_barrier start_line = ANT_BARRIER("start line", 3);
static int shot_count;

static void fire_the_pistol(void)
{
    shot_count++;
}

struct runner {
    ant_future base;
    enum { RUNNER_START, RUNNER_MEETING } state;
    struct ant_barrier_wait others;
};

ANT_ASYNC(runner)
{
    switch (self->state) {
    case RUNNER_START:
        self->others = ant_barrier_wait(&start_line);
        return ANT_NEXT(RUNNER_MEETING);
    case RUNNER_MEETING:
        ANT_AWAIT(self->others);
        if (self->others.is_leader) fire_the_pistol();
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct runner runner(void)
{
    return (struct runner){ ANT_INIT(runner) };
}

struct race {
    ant_future base;
    enum { RACE_START, RACE_RUNNING } state;
    struct ant_join_handle a, b, c;
    struct ant_join all;
};

ANT_ASYNC(race)
{
    switch (self->state) {
    case RACE_START:
        self->a = ant_spawn(runner());
        self->b = ant_spawn(runner());
        self->c = ant_spawn(runner());
        self->all = ant_join(&self->a.base, &self->b.base, &self->c.base);
        return ANT_NEXT(RACE_RUNNING);
    case RACE_RUNNING:
        ANT_AWAIT(self->all);
        ANT_ASSERT(shot_count == 1);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct race race(void)
{
    return (struct race){ ANT_INIT(race) };
}

ANT_MAIN(race)
