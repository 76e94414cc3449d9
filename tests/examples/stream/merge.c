// SPDX-License-Identifier: MIT
//
// The example of stream/merge.h.

#include <antfarm.h>

#include <errno.h>

static const char headlines[2] = { 'N', 'n' };
static const char songs[3] = { 'M', 'm', 'm' };

struct radio {
    ant_future base;
    enum { RADIO_START, RADIO_LISTENING } state;
    struct ant_stream_iter news;
    struct ant_stream_iter music;
    struct ant_stream_merge air;
    struct ant_stream_next next;
    char heard;
    unsigned count;
};

ANT_ASYNC_WITH_DROP(radio)
{
    switch (self->state) {
    case RADIO_START:
        self->news = ant_stream_iter(headlines, 2);
        self->music = ant_stream_iter(songs, 3);
        self->air = ant_stream_merge(&self->news.base, &self->music.base);
        self->next = ant_stream_next(&self->air.base, &self->heard);
        return ANT_NEXT(RADIO_LISTENING);
    case RADIO_LISTENING:
        ANT_AWAIT(self->next); // news, music, news, music, music
        if (self->next.base.result == 0)
            return self->count == 5 ? ANT_READY : ANT_FAIL(-EPROTO);
        if (self->heard != "NMnmm"[self->count++]) return ANT_FAIL(-EPROTO);
        self->next = ant_stream_next(&self->air.base, &self->heard);
        return ANT_NEXT(RADIO_LISTENING);
    }
    ANT_UNREACHABLE();
}

static void radio_drop(struct radio *self)
{
    ant_stream_drop(&self->air.base);
}

ANT_MUST_USE static struct radio radio(void)
{
    return (struct radio){ ANT_INIT(radio) };
}

ANT_MAIN(radio)
