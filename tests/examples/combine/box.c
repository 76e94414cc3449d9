// SPDX-License-Identifier: MIT
//
// The example of combine/box.h.

#include <antfarm.h>

struct dir {
    int bytes;
    struct dir *first; // of those inside
    struct dir *next;  // beside it
};

// async fn size(dir): of a directory, all in it, and those beside it.
struct size {
    ant_future base;
    enum { SIZE_START, SIZE_ADDING } state;
    const struct dir *dir;
    struct ant_box inside, beside;
    struct ant_join both;
};

static struct size size(const struct dir *dir);

ANT_ASYNC(size)
{
    switch (self->state) {
    case SIZE_START:
        if (self->dir == NULL) return ANT_READY;
        self->inside = ant_box(size(self->dir->first));
        self->beside = ant_box(size(self->dir->next));
        self->both = ant_join(&self->inside.base, &self->beside.base);
        return ANT_NEXT(SIZE_ADDING);
    case SIZE_ADDING:
        ANT_AWAIT(self->both);
        if (self->both.base.result < 0) return ANT_FAIL(self->both.base.result);
        self->base.result = self->dir->bytes + self->inside.base.result +
                            self->beside.base.result;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct size size(const struct dir *dir)
{
    return (struct size){ ANT_INIT(size), .dir = dir };
}

struct app {
    ant_future base;
    enum { APP_START, APP_SIZING } state;
    struct dir home, papers, music, songs;
    struct size size;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->songs = (struct dir){ .bytes = 1000 };
        self->music = (struct dir){ .bytes = 100, .first = &self->songs };
        self->papers = (struct dir){ .bytes = 10, .next = &self->music };
        self->home = (struct dir){ .bytes = 1, .first = &self->papers };
        self->size = size(&self->home);
        return ANT_NEXT(APP_SIZING);
    case APP_SIZING:
        ANT_AWAIT(self->size);
        ANT_ASSERT(self->size.base.result == 1111);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
