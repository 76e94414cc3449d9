// SPDX-License-Identifier: MIT
//
// A wrong solution: one file after the other.

#include <antfarm.h>

#define FILES 24

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

// async fn mirror(): waits for each file.
struct mirror {
    ant_future base;
    enum { MIRROR_START, MIRROR_LOADING } state;
    int file;
    struct ant_join_handle download;
};

ANT_ASYNC(mirror)
{
    switch (self->state) {
    case MIRROR_START:
        self->download = ant_spawn(download(self->file));
        return ANT_NEXT(MIRROR_LOADING);

    case MIRROR_LOADING:
        ANT_AWAIT(self->download);
        if (++self->file < FILES) return ANT_NEXT(MIRROR_START);
        ant_note("%d files", loaded);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(mirror)
ANT_MAIN(mirror)
