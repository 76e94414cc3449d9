// SPDX-License-Identifier: MIT
//
// Ten files from a server that allows three connections. Every third file is
// not there, and who finds that out goes home at once. How many are loaded?

#include <antfarm.h>
#include <stdio.h>

#define FILES 10

static ant_semaphore server = ANT_SEMAPHORE("server", 3); // connections
static int loaded;

// async fn download(file): needs a connection for 100 ms.
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
        //@ begin download
    case DOWNLOAD_START:
        self->permit = ant_semaphore_acquire(&server);
        return ANT_NEXT(DOWNLOAD_CONNECTING);

    case DOWNLOAD_CONNECTING:
        ANT_AWAIT(self->permit);
        if (self->file % 3 == 2) return ANT_FAIL(-ENOENT); // no such file
        self->load = ant_sleep(100);
        return ANT_NEXT(DOWNLOAD_LOADING);

    case DOWNLOAD_LOADING:
        ANT_AWAIT(self->load);
        loaded++;
        ant_semaphore_release(&server, 1);
        return ANT_READY;
        //@ end download
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
        for (int i = 0; i < FILES; i++) {
            self->download[i] = ant_spawn(download(i));
            self->each[i] = &self->download[i].base;
        }
        self->all = ant_join_all(self->each, FILES);
        return ANT_NEXT(MIRROR_JOINING);

    case MIRROR_JOINING:
        ANT_AWAIT(self->all);
        printf("%d files\n", loaded);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(mirror)
ANT_MAIN(mirror)
