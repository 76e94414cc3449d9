// SPDX-License-Identifier: MIT
//
// A wrong solution: four at a time, and the next four when all of them are
// done.

#include <antfarm.h>

#define FILES       24
#define CONNECTIONS 4

static int loaded;

// async fn download(file): has a connection, and gives it back.
struct download {
    ant_future base;
    enum { DOWNLOAD_START, DOWNLOAD_LOADING } state;
    int file;
    struct ant_sleep load;
};

ANT_ASYNC(download)
{
    switch (self->state) {
    case DOWNLOAD_START:
        self->load = ant_sleep(self->file % 4 == 0 ? 250 : 50);
        return ANT_NEXT(DOWNLOAD_LOADING);

    case DOWNLOAD_LOADING:
        ANT_AWAIT(self->load);
        loaded++;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct download download(int file)
{
    return (struct download){ ANT_INIT(download), .file = file };
}

// async fn mirror(): in batches, which wait for their slowest file.
struct mirror {
    ant_future base;
    enum { MIRROR_START, MIRROR_LOADING } state;
    int file;
    struct ant_join_handle download[CONNECTIONS];
    ant_future *each[CONNECTIONS];
    struct ant_join batch;
};

ANT_ASYNC(mirror)
{
    int count = 0;
    switch (self->state) {
    case MIRROR_START:
        for (; count < CONNECTIONS && self->file < FILES; count++) {
            self->download[count] = ant_spawn(download(self->file++));
            self->each[count] = &self->download[count].base;
        }
        self->batch = ant_join_all(self->each, (unsigned)count);
        return ANT_NEXT(MIRROR_LOADING);

    case MIRROR_LOADING:
        ANT_AWAIT(self->batch);
        if (self->file < FILES) return ANT_NEXT(MIRROR_START);
        ant_note("%d files", loaded);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(mirror)
ANT_MAIN(mirror)
