// SPDX-License-Identifier: MIT
//
// The example of stream/chunk.h.

#include <antfarm.h>

#include <errno.h>

static size_t shipped_count;

static void ship(const int64_t *eggs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ANT_ASSERT(eggs[i] == (int64_t)shipped_count);
        shipped_count++;
    }
}

struct pack {
    ant_future base;
    enum { PACK_START, PACK_FILLING } state;
    struct ant_stream_range eggs;
    struct ant_stream_chunks boxes;
    struct ant_stream_next next;
    int64_t room[6];
    ant_chunk box;
};

ANT_ASYNC_WITH_DROP(pack)
{
    switch (self->state) {
    case PACK_START:
        self->eggs = ant_stream_range(0, 20);
        self->boxes = ant_stream_chunks(&self->eggs.base, self->room);
        self->next = ant_stream_next(&self->boxes.base, &self->box);
        return ANT_NEXT(PACK_FILLING);
    case PACK_FILLING:
        ANT_AWAIT(self->next);
        if (self->next.base.result == 0) return ANT_READY;
        ship(self->box.items, self->box.count); // 6, 6, 6, 2
        self->next = ant_stream_next(&self->boxes.base, &self->box);
        return ANT_NEXT(PACK_FILLING);
    }
    ANT_UNREACHABLE();
}

static void pack_drop(struct pack *self)
{
    ant_stream_drop(&self->boxes.base);
}

ANT_MUST_USE static struct pack pack(void)
{
    return (struct pack){ ANT_INIT(pack) };
}

struct app {
    ant_future base;
    enum { APP_START, APP_WAITING } state;
    struct pack pack;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->pack = pack();
        return ANT_NEXT(APP_WAITING);
    case APP_WAITING:
        ANT_AWAIT(self->pack);
        return shipped_count == 20 ? ANT_READY : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
