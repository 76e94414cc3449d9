// SPDX-License-Identifier: MIT
//
// Ten readers, and one copier, whose lock is one for tasks. Each copies for
// 100 ms. Who is next, and how often is anybody woken?

#include <antfarm.h>
#include <stdio.h>

static const char *const names[] = { "anna", "ben",  "cleo", "dora", "emil",
                                     "finn", "gina", "hugo", "ida",  "jan" };

#define READERS ANT_ARRAY_LEN(names)

static ant_mutex copier = ANT_MUTEX("copier");
static int pages;

// async fn reader(): copies a page, which takes 100 ms.
struct reader {
    ant_future base;
    enum { READER_START, READER_LOCKING, READER_COPYING } state;
    struct ant_mutex_lock lock;
    struct ant_sleep copy;
};

ANT_ASYNC(reader)
{
    switch (self->state) {
        //@ begin reader
    case READER_START:
        self->lock = ant_mutex_lock(&copier);
        return ANT_NEXT(READER_LOCKING);

    case READER_LOCKING:
        ANT_AWAIT(self->lock);
        self->copy = ant_sleep(100);
        return ANT_NEXT(READER_COPYING);

    case READER_COPYING:
        ANT_AWAIT(self->copy);
        pages++;
        ant_mutex_unlock(&copier);
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
