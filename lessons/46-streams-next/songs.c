// SPDX-License-Identifier: MIT
//
// A stream over a list of three songs. A singer asks for the next one until
// there is none. How often does she ask, and does she ever wait?

#include <antfarm.h>

static const char *const list[] = { "Aura Lee", "Greensleeves", "Loch Lomond" };

// async fn singer(): sings whatever is next.
struct singer {
    ant_future base;
    enum { SINGER_START, SINGER_ASKING, SINGER_LISTENING } state;
    struct ant_stream_iter songs;
    struct ant_stream_next next;
    const char *song;
};

ANT_ASYNC_WITH_DROP(singer)
{
    switch (self->state) {
        //@ begin sing
    case SINGER_START:
        self->songs = ant_stream_iter(list, 3);
        return ANT_NEXT(SINGER_ASKING);

    case SINGER_ASKING:
        self->next = ant_stream_next(&self->songs.base, &self->song);
        return ANT_NEXT(SINGER_LISTENING);

    case SINGER_LISTENING:
        ANT_AWAIT(self->next);
        if (self->next.base.result == 0) return ANT_READY; // that was the end
        ant_note("%s", self->song);
        return ANT_NEXT(SINGER_ASKING);
        //@ end sing
    }
    ANT_UNREACHABLE();
}

static void singer_drop(struct singer *self)
{
    ant_future_drop(&self->next.base);
    ant_stream_drop(&self->songs.base);
}

ANT_CONSTRUCTOR(singer)
ANT_MAIN(singer)
