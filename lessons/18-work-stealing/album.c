// SPDX-License-Identifier: MIT
//
// An album needs eight thumbnails, each 50 ms of work. One task spawns a task
// for each, so all of them begin in the queue of one worker. What does the
// other worker do?

#include <antfarm.h>
#include <stdio.h>

#define PHOTOS 8

static const char *const photos[PHOTOS] = { "beach", "cake", "dog",  "kite",
                                            "lake",  "moon", "rain", "snow" };

// In tens: a real clock is always a little late, a virtual one never.
static unsigned ms_since(uint64_t start_ns)
{
    return (unsigned)((ant_now_ns() - start_ns) / 10000000 * 10);
}

// async fn shrink(): work for the processor, without an await.
struct shrink {
    ant_future base;
    enum { SHRINK_START } state;
};

ANT_ASYNC(shrink)
{
    switch (self->state) {
    case SHRINK_START:
        ant_thread_sleep(50); // stands for a computation
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct shrink shrink(void)
{
    return (struct shrink){ ANT_INIT(shrink) };
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
        //@ begin album
        for (unsigned i = 0; i < PHOTOS; i++)
            self->photo[i] = ant_spawn_named(photos[i], shrink());
        return ANT_NEXT(ALBUM_COLLECTING);
        //@ end album

    case ALBUM_COLLECTING:
        ANT_AWAIT(self->photo[self->done]);
        if (++self->done < PHOTOS) return ANT_NEXT(ALBUM_COLLECTING);
        printf("%d thumbnails after %u ms\n", PHOTOS, ms_since(self->start_ns));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct album album(void)
{
    return (struct album){ ANT_INIT(album) };
}

ANT_MAIN(album)
