// SPDX-License-Identifier: MIT
//
// Two dozen files, some of them large, and a server that allows four
// connections. Have at most six tasks at a time.

#include <antfarm.h>

#define FILES       24
#define CONNECTIONS 4

static ant_semaphore server = ANT_SEMAPHORE("server", CONNECTIONS);
static int loaded;

// async fn download(file): some files are large.
struct download {
    ant_future base;
    enum { DOWNLOAD_START, DOWNLOAD_CONNECTING, DOWNLOAD_LOADING } state;
    int file;
    struct ant_semaphore_acquire permit;
    struct ant_sleep load;
};

ANT_ASYNC(download)
{
    switch (self->state) {
    case DOWNLOAD_START:
        self->permit = ant_semaphore_acquire(&server);
        return ANT_NEXT(DOWNLOAD_CONNECTING);

    case DOWNLOAD_CONNECTING:
        ANT_AWAIT(self->permit);
        self->load = ant_sleep(self->file % 4 == 0 ? 250 : 50);
        return ANT_NEXT(DOWNLOAD_LOADING);

    case DOWNLOAD_LOADING:
        ANT_AWAIT(self->load);
        loaded++;
        ant_semaphore_release(&server, 1);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct download download(int file)
{
    return (struct download){ ANT_INIT(download), .file = file };
}

// async fn mirror(): one task for each file.
struct mirror {
    ant_future base;
    enum { MIRROR_START, MIRROR_JOINING } state;
    struct ant_join_handle download[FILES];
    ant_future *each[FILES];
    struct ant_join all;
};

ANT_ASYNC(mirror)
{
    switch (self->state) {
    case MIRROR_START:
        for (int i = 0; i < FILES; i++) { //@ todo all at once?
            self->download[i] = ant_spawn(download(i));
            self->each[i] = &self->download[i].base;
        }
        self->all = ant_join_all(self->each, FILES);
        return ANT_NEXT(MIRROR_JOINING);

    case MIRROR_JOINING:
        ANT_AWAIT(self->all);
        ant_note("%d files", loaded);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(mirror)
ANT_MAIN(mirror)
