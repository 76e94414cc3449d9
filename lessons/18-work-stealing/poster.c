// SPDX-License-Identifier: MIT
//
// An album needs a poster, which is 160 ms of work, and six thumbnails of 20 ms
// each. There are two workers. When is all of it done?

#include <antfarm.h>
#include <stdio.h>

#define PICTURES 7

typedef struct picture {
    const char *name;
    unsigned ms; // of work
} picture;

//@ begin pictures
static const picture pictures[PICTURES] = {
    { "poster", 160 }, { "cake", 20 }, { "dog", 20 },  { "kite", 20 },
    { "lake", 20 },    { "moon", 20 }, { "rain", 20 },
};
//@ end pictures

// In tens: a real clock is always a little late, a virtual one never.
static unsigned ms_since(uint64_t start_ns)
{
    return (unsigned)((ant_now_ns() - start_ns) / 10000000 * 10);
}

// async fn draw(ms): work for the processor, without an await.
struct draw {
    ant_future base;
    enum { DRAW_START } state;
    unsigned ms;
};

ANT_ASYNC(draw)
{
    switch (self->state) {
    case DRAW_START:
        ant_thread_sleep(self->ms); // stands for a computation
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct draw draw(unsigned ms)
{
    return (struct draw){ ANT_INIT(draw), .ms = ms };
}

// async fn album(): a task for each picture, then one await after the other.
struct album {
    ant_future base;
    enum { ALBUM_START, ALBUM_COLLECTING } state;
    struct ant_join_handle picture[PICTURES];
    unsigned done;
    uint64_t start_ns;
};

ANT_ASYNC(album)
{
    switch (self->state) {
    case ALBUM_START:
        self->start_ns = ant_now_ns();
        for (unsigned i = 0; i < PICTURES; i++)
            self->picture[i] =
                ant_spawn_named(pictures[i].name, draw(pictures[i].ms));
        return ANT_NEXT(ALBUM_COLLECTING);

    case ALBUM_COLLECTING:
        ANT_AWAIT(self->picture[self->done]);
        if (++self->done < PICTURES) return ANT_NEXT(ALBUM_COLLECTING);
        printf("%d pictures after %u ms\n", PICTURES, ms_since(self->start_ns));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct album album(void)
{
    return (struct album){ ANT_INIT(album) };
}

ANT_MAIN(album)
