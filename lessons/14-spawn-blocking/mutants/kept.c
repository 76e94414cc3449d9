// SPDX-License-Identifier: MIT
//
// A wrong solution: nobody gives a permit back.

#include <antfarm.h>
#include <stdio.h>

#define PHOTOS 8

static ant_semaphore cores = ANT_SEMAPHORE("cores", 2);

// Stands for 100 ms of computing.
static int shrink(void *photo)
{
    (void)photo;
    ant_thread_sleep(100);
    return 0;
}

// Stands for a slow disk.
static int read_page(void *arg)
{
    (void)arg;
    ant_thread_sleep(10);
    return 0;
}

// async fn page(): after 50 ms somebody wants to read a page.
struct page {
    ant_future base;
    enum { PAGE_START, PAGE_WAITING, PAGE_READING } state;
    struct ant_sleep later;
    struct ant_join_handle disk;
};

ANT_ASYNC(page)
{
    switch (self->state) {
    case PAGE_START:
        self->later = ant_sleep(50);
        return ANT_NEXT(PAGE_WAITING);

    case PAGE_WAITING:
        ANT_AWAIT(self->later);
        self->disk = ant_spawn_blocking(read_page, NULL);
        return ANT_NEXT(PAGE_READING);

    case PAGE_READING:
        ANT_AWAIT(self->disk);
        puts("the page is read");
        ant_note("the page is read");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(page)

// async fn photo(): waits for a core and keeps it.
struct photo {
    ant_future base;
    enum { PHOTO_START, PHOTO_QUEUING, PHOTO_SHRINKING } state;
    struct ant_semaphore_acquire core;
    struct ant_join_handle job;
};

ANT_ASYNC(photo)
{
    switch (self->state) {
    case PHOTO_START:
        self->core = ant_semaphore_acquire(&cores);
        return ANT_NEXT(PHOTO_QUEUING);

    case PHOTO_QUEUING:
        ANT_AWAIT(self->core);
        self->job = ant_spawn_blocking(shrink, NULL);
        return ANT_NEXT(PHOTO_SHRINKING);

    case PHOTO_SHRINKING:
        ANT_AWAIT(self->job);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(photo)

// async fn album(): a task for each photo, and the page beside them.
struct album {
    ant_future base;
    enum { ALBUM_START, ALBUM_SHRINKING, ALBUM_READING } state;
    struct ant_join_handle photo[PHOTOS];
    int done;
    struct ant_join_handle page;
};

ANT_ASYNC(album)
{
    switch (self->state) {
    case ALBUM_START:
        self->page = ant_spawn(page());
        for (int i = 0; i < PHOTOS; i++)
            self->photo[i] = ant_spawn(photo());
        return ANT_NEXT(ALBUM_SHRINKING);

    case ALBUM_SHRINKING:
        ANT_AWAIT(self->photo[self->done]);
        if (++self->done < PHOTOS) return ANT_NEXT(ALBUM_SHRINKING);
        puts("all photos are smaller");
        return ANT_NEXT(ALBUM_READING);

    case ALBUM_READING:
        ANT_AWAIT(self->page);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(album)

int main(void)
{
    ant_runtime *runtime;
    const ant_runtime_desc desc = { .blocking_max = 4 };
    int err = ant_runtime_new(&desc, &runtime);
    if (err < 0) return 2;
    err = ant_runtime_block_on(runtime, album());
    ant_runtime_free(runtime);
    return err < 0 ? 1 : 0;
}
