// SPDX-License-Identifier: MIT
//
// A wrong solution: a job that only waits for the printer unlocks it, too,
// while it is somebody else's.

#include <antfarm.h>

#define JOBS 3

static ant_mutex printer = ANT_MUTEX("printer");
static const char *const names[JOBS] = { "report", "poster", "photo" };

// async fn print(): 100 ms at the printer, which is for one at a time.
struct print {
    ant_future base;
    enum { PRINT_START, PRINT_LOCKING, PRINT_PRINTING } state;
    struct ant_mutex_lock lock;
    struct ant_sleep paper;
};

ANT_ASYNC_WITH_DROP(print)
{
    switch (self->state) {
    case PRINT_START:
        self->lock = ant_mutex_lock(&printer);
        return ANT_NEXT(PRINT_LOCKING);

    case PRINT_LOCKING:
        ANT_AWAIT(self->lock);
        self->paper = ant_sleep(100);
        return ANT_NEXT(PRINT_PRINTING);

    case PRINT_PRINTING:
        ANT_AWAIT(self->paper);
        ant_mutex_unlock(&printer);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

// Gives the printer back, whoever has it.
static void print_drop(struct print *self)
{
    ant_future_drop(&self->lock.base);
    ant_future_drop(&self->paper.base);
    ant_mutex_unlock(&printer);
}

ANT_MUST_USE static struct print print(void)
{
    return (struct print){ ANT_INIT(print) };
}

// async fn office(): three jobs; two are taken back after 50 ms.
struct office {
    ant_future base;
    enum { OFFICE_START, OFFICE_RESTING, OFFICE_WAITING } state;
    struct ant_join_handle job[JOBS];
    struct ant_sleep rest;
    unsigned over;
};

ANT_ASYNC(office)
{
    switch (self->state) {
    case OFFICE_START:
        for (unsigned i = 0; i < JOBS; i++)
            self->job[i] = ant_spawn_named(names[i], print());
        self->rest = ant_sleep(50);
        return ANT_NEXT(OFFICE_RESTING);

    case OFFICE_RESTING:
        ANT_AWAIT(self->rest);
        ant_task_abort(&self->job[0]); // it is being printed
        ant_task_abort(&self->job[1]); // it waits for the printer
        return ANT_NEXT(OFFICE_WAITING);

    case OFFICE_WAITING:
        ANT_AWAIT(self->job[self->over]);
        if (++self->over < JOBS) return ANT_NEXT(OFFICE_WAITING);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct office office(void)
{
    return (struct office){ ANT_INIT(office) };
}

ANT_MAIN(office)
