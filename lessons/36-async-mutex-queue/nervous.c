// SPDX-License-Identifier: MIT
//
// Four readers, and one copier. Cleo waits for 170 ms at a time, and then asks
// anew. In which order do they copy?

#include <antfarm.h>
#include <stdio.h>

static const char *const names[] = { "anna", "ben", "cleo", "dora" };

#define READERS ANT_ARRAY_LEN(names)

static ant_mutex copier = ANT_MUTEX("copier");
static int pages;

// async fn reader(patience): copies a page; gives up its place in the line when
// it gets nervous, and stands in line again.
struct reader {
    ant_future base;
    enum { READER_START, READER_LOCKING, READER_COPYING } state;
    unsigned patience; // in ms
    struct ant_mutex_lock lock;
    struct ant_timeout limit;
    struct ant_sleep copy;
};

ANT_ASYNC(reader)
{
    switch (self->state) {
        //@ begin reader
    case READER_START:
        self->lock = ant_mutex_lock(&copier);
        self->limit = ant_timeout(self->patience, &self->lock.base);
        return ANT_NEXT(READER_LOCKING);

    case READER_LOCKING:
        ANT_AWAIT(self->limit);
        if (self->limit.is_elapsed) return ANT_NEXT(READER_START); // again
        self->copy = ant_sleep(100);
        return ANT_NEXT(READER_COPYING);
        //@ end reader

    case READER_COPYING:
        ANT_AWAIT(self->copy);
        pages++;
        ant_mutex_unlock(&copier);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct reader reader(unsigned patience)
{
    return (struct reader){ ANT_INIT(reader), .patience = patience };
}

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
            unsigned patience = i == 2 ? 170 : 1000; // cleo has little
            self->reader[i] = ant_spawn_named(names[i], reader(patience));
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
