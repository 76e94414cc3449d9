// SPDX-License-Identifier: MIT
//
// An album has four photos on a server, which takes 100 ms to send one. Each
// download is a task of its own. When is the last one there, with one worker,
// and with four?

#include <antfarm.h>
#include <stdio.h>

#define PHOTOS 4

static const char *const photos[PHOTOS] = { "beach", "cake", "dog", "snow" };

// In tens: a real clock is always a little late, a virtual one never.
static unsigned ms_since(uint64_t start_ns)
{
    return (unsigned)((ant_now_ns() - start_ns) / 10000000 * 10);
}

// async fn download(): waits for the server, and needs no processor.
struct download {
    ant_future base;
    enum { DOWNLOAD_START, DOWNLOAD_WAITING } state;
    struct ant_sleep server;
};

ANT_ASYNC(download)
{
    switch (self->state) {
    case DOWNLOAD_START:
        //@ begin download
        self->server = ant_sleep(100); // stands for a server
        return ANT_NEXT(DOWNLOAD_WAITING);

    case DOWNLOAD_WAITING:
        ANT_AWAIT(self->server);
        return ANT_READY;
        //@ end download
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct download download(void)
{
    return (struct download){ ANT_INIT(download) };
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
            self->photo[i] = ant_spawn_named(photos[i], download());
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

ANT_MAIN(album)
