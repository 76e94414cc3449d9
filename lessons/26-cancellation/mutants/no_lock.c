// SPDX-License-Identifier: MIT
//
// A wrong solution: nobody waits for the printer, so all print at once.

#include <antfarm.h>

#define JOBS 3

static const char *const names[JOBS] = { "report", "poster", "photo" };

// async fn print(): 100 ms at the printer.
struct print {
    ant_future base;
    enum { PRINT_START, PRINT_PRINTING } state;
    struct ant_sleep paper;
};

ANT_ASYNC(print)
{
    switch (self->state) {
    case PRINT_START:
        self->paper = ant_sleep(100);
        return ANT_NEXT(PRINT_PRINTING);

    case PRINT_PRINTING:
        ANT_AWAIT(self->paper);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
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
