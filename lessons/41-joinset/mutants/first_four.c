// SPDX-License-Identifier: MIT
//
// A wrong solution: four at once, and the others never.

#include <antfarm.h>

#define PHOTOS  10
#define AT_ONCE 4

static const unsigned upload_ms[PHOTOS] = { 200, 50, 50, 50, 50,
                                            50,  50, 50, 50, 50 };

// async fn upload(ms): the server takes that long.
struct upload {
    ant_future base;
    enum { UPLOAD_START, UPLOAD_WAITING } state;
    unsigned ms;
    struct ant_sleep server;
};

ANT_ASYNC(upload)
{
    switch (self->state) {
    case UPLOAD_START:
        self->server = ant_sleep(self->ms);
        return ANT_NEXT(UPLOAD_WAITING);

    case UPLOAD_WAITING:
        ANT_AWAIT(self->server);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct upload upload(unsigned ms)
{
    return (struct upload){ ANT_INIT(upload), .ms = ms };
}

// async fn album(): the first four.
struct album {
    ant_future base;
    enum { ALBUM_START, ALBUM_WAITING } state;
    ant_join_set uploads;
    struct ant_join_set_next next;
    unsigned begun;
};

static ant_poll end(struct album *self, int err)
{
    ant_join_set_deinit(&self->uploads);
    self->base.result = err;
    return ANT_READY;
}

// Begins uploads until so many were begun.
static int begin_some(struct album *self, unsigned wanted)
{
    while (self->begun < wanted && self->begun < PHOTOS) {
        const unsigned ms = upload_ms[self->begun++];
        int err = ant_join_set_spawn(&self->uploads, upload(ms));
        if (err < 0) return err;
    }
    return 0;
}

ANT_ASYNC_WITH_DROP(album)
{
    int err;
    switch (self->state) {
    case ALBUM_START:
        ant_join_set_init(&self->uploads, "uploads");
        err = begin_some(self, AT_ONCE);
        if (err < 0) return end(self, err);
        self->next = ant_join_set_next(&self->uploads);
        return ANT_NEXT(ALBUM_WAITING);

    case ALBUM_WAITING:
        ANT_AWAIT(self->next);
        if (self->next.is_empty) return end(self, 0);
        self->next = ant_join_set_next(&self->uploads);
        return ANT_NEXT(ALBUM_WAITING);
    }
    ANT_UNREACHABLE();
}

static void album_drop(struct album *self)
{
    ant_future_drop(&self->next.base);
    ant_join_set_deinit(&self->uploads);
}

ANT_CONSTRUCTOR(album)
ANT_MAIN(album)
