// SPDX-License-Identifier: MIT
//
// A wrong solution: one worker, and the thumbnails on threads of the blocking
// pool. These are threads, too, and more of them than needed.

#include <antfarm.h>
#include <stdio.h>

#define PHOTOS  4
#define WORKERS 1

static const char *const photos[PHOTOS] = { "beach", "cake", "dog", "snow" };

// In tens: a real clock is always a little late, a virtual one never.
static unsigned ms_since(uint64_t start_ns)
{
    return (unsigned)((ant_now_ns() - start_ns) / 10000000 * 10);
}

static int shrink(void *arg)
{
    (void)arg;
    ant_thread_sleep(100); // stands for a computation
    return 0;
}

// async fn photo(): comes from a server, and then gets its thumbnail.
struct photo {
    ant_future base;
    enum { PHOTO_START, PHOTO_DOWNLOADING, PHOTO_SHRINKING } state;
    struct ant_sleep server;
    struct ant_join_handle job;
};

ANT_ASYNC(photo)
{
    switch (self->state) {
    case PHOTO_START:
        self->server = ant_sleep(100);
        return ANT_NEXT(PHOTO_DOWNLOADING);

    case PHOTO_DOWNLOADING:
        ANT_AWAIT(self->server);
        self->job = ant_spawn_blocking(shrink, NULL);
        return ANT_NEXT(PHOTO_SHRINKING);

    case PHOTO_SHRINKING:
        ANT_AWAIT(self->job);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct photo photo(void)
{
    return (struct photo){ ANT_INIT(photo) };
}

// async fn album(): a task for each photo, then one await after the other.
struct album {
    ant_future base;
    enum { ALBUM_START, ALBUM_COLLECTING } state;
    struct ant_join_handle photo[PHOTOS];
    unsigned done;
    uint64_t start_ns;
};

ANT_ASYNC(album)
{
    switch (self->state) {
    case ALBUM_START:
        self->start_ns = ant_now_ns();
        for (unsigned i = 0; i < PHOTOS; i++)
            self->photo[i] = ant_spawn_named(photos[i], photo());
        return ANT_NEXT(ALBUM_COLLECTING);

    case ALBUM_COLLECTING:
        ANT_AWAIT(self->photo[self->done]);
        if (++self->done < PHOTOS) return ANT_NEXT(ALBUM_COLLECTING);
        printf("%d photos after %u ms\n", PHOTOS, ms_since(self->start_ns));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct album album(void)
{
    return (struct album){ ANT_INIT(album) };
}

// What ANT_MAIN does, with a number of workers of our own.
int main(void)
{
    ant_runtime *runtime;
    int err = ant_runtime_new(&(ant_runtime_desc){ .worker_count = WORKERS },
                              &runtime);
    if (err < 0) return 2;
    err = ant_runtime_block_on(runtime, album());
    ant_runtime_free(runtime);
    return err < 0 ? 1 : 0;
}
