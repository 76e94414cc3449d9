// SPDX-License-Identifier: MIT
//
// Ten readers, and one copier. Whoever is done rings a bell, and all who wait
// look whether the copier is free. How often is anybody woken?

#include <antfarm.h>
#include <stdio.h>

static const char *const names[] = { "anna", "ben",  "cleo", "dora", "emil",
                                     "finn", "gina", "hugo", "ida",  "jan" };

#define READERS ANT_ARRAY_LEN(names)

static ant_notify bell = ANT_NOTIFY("bell"); // rings when the copier is free
static bool is_busy;
static int pages;

// async fn reader(): copies a page as soon as it finds the copier free.
struct reader {
    ant_future base;
    enum { READER_START, READER_WAITING, READER_COPYING } state;
    struct ant_notified ring;
    struct ant_sleep copy;
};

ANT_ASYNC(reader)
{
    switch (self->state) {
        //@ begin reader
    case READER_START:
        if (is_busy) {
            self->ring = ant_notified(&bell);
            return ANT_NEXT(READER_WAITING);
        }
        is_busy = true;
        self->copy = ant_sleep(100);
        return ANT_NEXT(READER_COPYING);

    case READER_WAITING:
        ANT_AWAIT(self->ring);
        return ANT_NEXT(READER_START); // is it free?

    case READER_COPYING:
        ANT_AWAIT(self->copy);
        pages++;
        is_busy = false;
        ant_notify_waiters(&bell); // wakes all of them
        return ANT_READY;
        //@ end reader
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(reader)

// async fn library(): all readers come at once.
struct library {
    ant_future base;
    enum { LIBRARY_START, LIBRARY_OPEN } state;
    struct ant_join_handle reader[READERS];
    ant_future *each[READERS];
    struct ant_join all;
};

ANT_ASYNC(library)
{
    switch (self->state) {
    case LIBRARY_START:
        for (unsigned i = 0; i < READERS; i++) {
            self->reader[i] = ant_spawn_named(names[i], reader());
            self->each[i] = &self->reader[i].base;
        }
        self->all = ant_join_all(self->each, READERS);
        return ANT_NEXT(LIBRARY_OPEN);

    case LIBRARY_OPEN:
        ANT_AWAIT(self->all);
        printf("%d pages are copied\n", pages);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(library)
ANT_MAIN(library)
